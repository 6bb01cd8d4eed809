// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler that answers from a script.

import Glibc
import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization

/// A scheduler whose answers a test gives.
final class FakeScheduler: RPCServerDelegate {
    typealias Script = @Sendable (Asked, RPCIncoming) -> [RPCDelivery]

    private struct State {
        var server: RPCServer?
        var asked: [Asked] = []
    }

    /// A request came.
    private let askedSignal = AsyncStream.makeStream(of: Void.self)
    /// A request was taken back.
    private let canceledSignal = AsyncStream.makeStream(of: Void.self)

    private let script: Script
    private let state = Mutex(State())

    private init(_ script: @escaping Script) {
        self.script = script
    }

    var asked: [Asked] { state.withLock { $0.asked } }

    /// Waits for a request; each is waited for once.
    func askedOnce() async {
        for await _ in askedSignal.stream { return }
    }

    /// Waits until a request was taken back.
    func canceledOnce() async {
        for await _ in canceledSignal.stream { return }
    }

    /// Answers what was held back.
    func deliver(_ deliveries: [RPCDelivery]) {
        let server = state.withLock { $0.server }
        server?.deliver(deliveries)
    }

    /// Is no more, as after a crash; a second time does nothing.
    func stop() async {
        let server = state.withLock { $0.server }
        await server?.close()
    }

    /// Runs a test with a scheduler that listens for submitters and admins.
    static func run(
        _ script: @escaping Script,
        _ body: (_ scheduler: FakeScheduler, _ rpc: String, _ admin: String) async throws -> Void
    ) async throws {
        var template = Array("/tmp/reelwork-client-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return }
        let folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        defer { rmdir(folder) }
        let scheduler = FakeScheduler(script)
        let server = RPCServer(
            configuration: RPCServerConfiguration(
                cluster: JobID(high: 1, low: 1),
                epoch: 1,
                agent: "fake"
            ),
            delegate: scheduler,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        scheduler.state.withLock { $0.server = server }
        let rpc = try await server.listen(on: .unix(path: folder + "/rpc"), family: .rpc)
        let admin = try await server.listen(on: .unix(path: folder + "/admin"), family: .admin)
        do {
            try await body(scheduler, rpc.description, admin.description)
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    func opened(_ peer: RPCPeer) {}

    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        do throws(WireError) {
            guard let asked = try FakeScheduler.decode(incoming.method, body) else { return nil }
            let server = state.withLock { state in
                state.asked.append(asked)
                return state.server
            }
            server?.deliver(script(asked, incoming))
            askedSignal.continuation.yield()
            return nil
        } catch {
            return error
        }
    }

    private static func decode(
        _ method: ReelworkCore.Method,
        _ body: RawSpan
    ) throws(WireError) -> Asked? {
        switch method {
        case .submitBatch: .submit(try SubmitBatch.Request.decode(body))
        case .getJob: .job(try GetJob.Request.decode(body))
        case .listJobs: .list(try ListJobs.Request.decode(body))
        case .watch: .watch(try Watch.Request.decode(body))
        case .cancelJob: .cancel(try CancelJob.Request.decode(body))
        case .history: .history(try History.Request.decode(body))
        case .jobLog: .log(try JobLog.Request.decode(body))
        case .workersList: .workers(try WorkersList.Request.decode(body))
        case .metrics: .metrics(try Metrics.Request.decode(body))
        case .recover: .recover(try Recover.Request.decode(body))
        case .jobWhy: .why(try JobWhy.Request.decode(body))
        case .retryJob: .retry(try RetryJob.Request.decode(body))
        case .jobBump: .bump(try JobBump.Request.decode(body))
        case .queueSet: .queue(try QueueSet.Request.decode(body))
        case .workerSet: .worker(try WorkerSet.Request.decode(body))
        case .loopSet: .loop(try LoopSet.Request.decode(body))
        case .loops: .loops
        case .check: .check(try Check.Request.decode(body))
        default: nil
        }
    }

    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func failed(_ incoming: RPCIncoming, error: ErrorMessage) {}
    func canceled(_ incoming: RPCIncoming) { canceledSignal.continuation.yield() }
    func paused(_ connection: RPCConnectionID, isPaused: Bool) {}
    func closed(_ connection: RPCConnectionID, isFarewell: Bool) {}
    func processGone(_ connection: RPCConnectionID) {}
}

extension RPCIncoming {
    /// The answer to it.
    func answer<C: WireCall>(_ call: C.Type, _ response: C.Response) -> RPCDelivery {
        .response(call, response, to: connection, request: requestID)
    }

    /// The error that answers it.
    func error(_ code: ResultCode, retryAfter: Duration = .zero) -> RPCDelivery {
        .error(
            ErrorMessage(code, retryAfter: retryAfter, detail: "no \(code.name)"),
            method: method,
            to: connection,
            request: requestID
        )
    }

    /// The end of its connection.
    func hangUp() -> RPCDelivery {
        .close(.internal, detail: "broken on purpose", to: connection)
    }
}
