// SPDX-License-Identifier: Apache-2.0
// Reelwork: a request that waits for its answer.

internal import ReelworkWire
internal import Synchronization

/// A request that waits for its answer, whatever its method.
protocol PendingCall: AnyObject, Sendable {
    /// Whether nobody waits any more.
    var isDone: Bool { get }
    /// Takes the RESPONSE.
    func answer(_ body: RawSpan) -> WireError?
    /// Takes an EVENT of it.
    func event(_ body: RawSpan) -> WireError?
    /// Ends it; later ends are ignored.
    func fail(_ error: RPCError)
}

/// A call that waits for its response.
final class PendingAnswer<Call: WireCall>: PendingCall {
    typealias Outcome = Result<Call.Response, RPCError>

    private enum State {
        case idle
        case waiting(CheckedContinuation<Outcome, Never>)
        /// It ended before somebody waited.
        case early(Outcome)
        case done
    }

    private let state = Mutex(State.idle)

    var isDone: Bool {
        state.withLock { state in
            switch state {
            case .idle, .waiting: false
            case .early, .done: true
            }
        }
    }

    /// Waits.
    func wait(_ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome: Outcome? = state.withLock { state in
            switch state {
            case .idle, .waiting, .done:
                state = .waiting(continuation)
                return nil
            case .early(let outcome):
                state = .done
                return outcome
            }
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    func answer(_ body: RawSpan) -> WireError? {
        do throws(WireError) {
            end(.success(try Call.Response.decode(body)))
            return nil
        } catch {
            end(.failure(RPCError(.malformed, error.explanation)))
            return error
        }
    }

    func event(_ body: RawSpan) -> WireError? { nil }

    func fail(_ error: RPCError) {
        end(.failure(error))
    }

    private func end(_ outcome: Outcome) {
        let continuation: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .idle:
                state = .early(outcome)
                return nil
            case .waiting(let continuation):
                state = .done
                return continuation
            case .early, .done: return nil
            }
        }
        continuation?.resume(returning: outcome)
    }
}

/// A call whose events come before its response.
final class PendingStream<Call: WireCall & WireEvent>: PendingCall {
    private let source: AsyncStream<Call.Event>.Continuation
    private let outcome = Mutex<Result<Call.Response, RPCError>?>(nil)

    /// Takes the writing end alone: while this held the other one, a reader that goes away would
    /// not be missed.
    init(_ source: AsyncStream<Call.Event>.Continuation) {
        self.source = source
    }

    var isDone: Bool { outcome.withLock { $0 != nil } }

    /// How it ended; nil while it goes on.
    var end: Result<Call.Response, RPCError>? { outcome.withLock { $0 } }

    /// Tells when nobody reads any more.
    func whenAbandoned(_ body: @escaping @Sendable () -> Void) {
        source.onTermination = { reason in
            switch reason {
            case .cancelled: body()
            case .finished: break
            @unknown default: break
            }
        }
    }

    func answer(_ body: RawSpan) -> WireError? {
        do throws(WireError) {
            finish(.success(try Call.Response.decode(body)))
            return nil
        } catch {
            finish(.failure(RPCError(.malformed, error.explanation)))
            return error
        }
    }

    func event(_ body: RawSpan) -> WireError? {
        do throws(WireError) {
            switch source.yield(try Call.Event.decode(body)) {
            case .enqueued, .terminated: break
            case .dropped:
                finish(
                    .failure(
                        RPCError(.overrun, "the reader of these events is too slow; ask again")
                    )
                )
            @unknown default: break
            }
            return nil
        } catch {
            return error
        }
    }

    func fail(_ error: RPCError) {
        finish(.failure(error))
    }

    private func finish(_ result: Result<Call.Response, RPCError>) {
        outcome.withLock { outcome in
            if outcome == nil { outcome = result }
        }
        source.finish()
    }
}
