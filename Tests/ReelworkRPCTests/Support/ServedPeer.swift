// SPDX-License-Identifier: Apache-2.0
// Reelwork: a delegate that answers by itself and tells tests what it heard.

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization

/// A delegate that answers GET_JOB, SUBMIT_BATCH and HEARTBEAT by itself, keeps the other requests,
/// and tells tests all it heard, in order.
final class ServedPeer: RPCServerDelegate {
    private struct State {
        var server: RPCServer?
        var peers: [RPCPeer] = []
        var kept: [RPCIncoming] = []
        var isHolding = false
    }

    let heard: AsyncStream<Heard>
    private let source: AsyncStream<Heard>.Continuation
    private let state = Mutex(State())

    init() {
        (heard, source) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    func serve(_ server: RPCServer) {
        state.withLock { $0.server = server }
    }

    /// Whether requests are kept instead of answered.
    func hold(_ isHolding: Bool) {
        state.withLock { $0.isHolding = isHolding }
    }

    var peers: [RPCPeer] { state.withLock { $0.peers } }
    var kept: [RPCIncoming] { state.withLock { $0.kept } }

    func opened(_ peer: RPCPeer) {
        state.withLock { $0.peers.append(peer) }
        source.yield(.opened(peer.id, peer.role))
    }

    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        // Kept before it is told: whoever hears of it must find it.
        let (server, isHolding) = state.withLock { state in
            if state.isHolding { state.kept.append(incoming) }
            return (state.server, state.isHolding)
        }
        source.yield(.request(incoming.method, id: incoming.requestID))
        do throws(WireError) {
            let answer = try answer(incoming, body)
            if isHolding { return nil }
            if let answer {
                server?.deliver([answer])
            } else {
                state.withLock { $0.kept.append(incoming) }
            }
            return nil
        } catch {
            return error
        }
    }

    private func answer(_ incoming: RPCIncoming, _ body: RawSpan) throws(WireError) -> RPCDelivery?
    {
        let (to, id) = (incoming.connection, incoming.requestID)
        switch incoming.method {
        case .getJob:
            let request = try GetJob.Request.decode(body)
            return .response(GetJob.self, .init(job: jobView(request.ref)), to: to, request: id)
        case .submitBatch:
            let request = try SubmitBatch.Request.decode(body)
            let results = request.items.indices.map {
                SubmitResult(.ok, number: JobNumber(UInt64($0 + 1)), state: .queued)
            }
            return .response(SubmitBatch.self, .init(results: results), to: to, request: id)
        case .heartbeat:
            _ = try Heartbeat.Request.decode(body)
            return .response(Heartbeat.self, .init(), to: to, request: id)
        default: return nil
        }
    }

    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        source.yield(.event(incoming.method))
        return nil
    }

    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        source.yield(.answered(incoming.method, tag: incoming.tag))
        return nil
    }

    func failed(_ incoming: RPCIncoming, error: ErrorMessage) {
        source.yield(.failed(incoming.method, error.code.value, tag: incoming.tag))
    }

    func canceled(_ incoming: RPCIncoming) {
        source.yield(.canceled(incoming.requestID))
    }

    func paused(_ connection: RPCConnectionID, isPaused: Bool) {
        source.yield(.paused(isPaused))
    }

    func roomy(_ connection: RPCConnectionID) {
        source.yield(.roomy(connection))
    }

    func closed(_ connection: RPCConnectionID, isFarewell: Bool) {
        source.yield(.closed(connection, isFarewell: isFarewell))
    }

    func processGone(_ connection: RPCConnectionID) {
        source.yield(.processGone(connection))
    }

    /// Waits until something like this was heard.
    func wait<Value>(_ match: (Heard) -> Value?) async -> Value? {
        for await heard in heard {
            if let value = match(heard) { return value }
        }
        return nil
    }
}

/// A view whose number is the one asked for.
func jobView(
    _ ref: JobRef,
    detail: String = "in.mp4",
    parameters: [Parameter] = []
) -> JobView {
    let number: JobNumber =
        switch ref {
        case .number(let number): number
        case .id, .key: JobNumber(1)
        }
    var view = JobView(
        id: JobID(high: 1, low: 2),
        number: number,
        state: .known(.queued),
        queue: .known(.standard),
        priority: .known(.medium),
        attempt: AttemptNumber(0),
        retryCount: 0,
        retriesMax: 3,
        engine: "auto",
        worker: "",
        created: Timestamp(milliseconds: 1_700_000_000_000),
        input: detail,
        output: "out.mp4"
    )
    view.parameters = parameters
    return view
}
