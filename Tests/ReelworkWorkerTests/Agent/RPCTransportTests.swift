// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the agent's way over the wire

import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization
import Testing

@testable import ReelworkWorker

/// The agent's way over the wire.
///
/// Goal: frames leave in the order of the calls, and no ASSIGN is seen before the answer to
/// REGISTER. Method: a real server on a Unix socket that answers and assigns at once.
@Suite(.timeLimit(.minutes(1)))
struct RPCTransportTests {
    /// What came, on either side, in order.
    enum Came: Hashable, Sendable {
        case method(Method)
        case registered(UInt64)
        case assigned(UInt64)
        case reported(Int)
        case closed
    }

    final class Delegate: RPCServerDelegate {
        let server = Mutex<RPCServer?>(nil)
        let inbox: AsyncStream<Came>.Continuation

        init(_ inbox: AsyncStream<Came>.Continuation) { self.inbox = inbox }

        func opened(_ peer: RPCPeer) {}

        func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
            inbox.yield(.method(incoming.method))
            let (connection, request) = (incoming.connection, incoming.requestID)
            var out: [RPCDelivery] = []
            switch incoming.method {
            case .register:
                let session = Register.Response(
                    session: 7,
                    heartbeat: .seconds(5),
                    lease: .seconds(15),
                    verdicts: []
                )
                let job = AgentScript.assignment(1)
                out = [
                    .response(Register.self, session, to: connection, request: request),
                    .event(
                        Assign.self,
                        Assign.Event(firstIndex: 1, assignments: [job]),
                        to: connection
                    ),
                ]
            case .report:
                let results = ItemResults(results: [ItemResult(.ok)])
                out = [.response(Report.self, results, to: connection, request: request)]
            default: break
            }
            server.withLock { $0 }?.deliver(out)
            return nil
        }

        func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
            inbox.yield(.method(incoming.method))
            return nil
        }

        func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
        func failed(_ incoming: RPCIncoming, error: ErrorMessage) {}
        func canceled(_ incoming: RPCIncoming) {}
        func paused(_ connection: RPCConnectionID, isPaused: Bool) {}
        func closed(_ connection: RPCConnectionID, isFarewell: Bool) { inbox.finish() }
        func processGone(_ connection: RPCConnectionID) {}
    }

    @Test func keepsTheOrderOfCallsAndAnswers() async throws {
        let folder = try TestFolder()
        let (atServer, serverInbox) = AsyncStream.makeStream(of: Came.self)
        let (atAgent, agentInbox) = AsyncStream.makeStream(of: Came.self)
        let delegate = Delegate(serverInbox)
        let server = RPCServer(
            configuration: RPCServerConfiguration(
                cluster: JobID(high: 7, low: 9),
                epoch: 3,
                agent: "test"
            ),
            delegate: delegate,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        delegate.server.withLock { $0 = server }
        _ = try await server.listen(on: .unix(path: folder.path + "/rpc"), family: .rpc)
        let connection = try await RPCTransport(agent: "test").connect(
            to: "unix:" + folder.path + "/rpc"
        ) { event in
            switch event {
            case .assigned(let first, _): agentInbox.yield(.assigned(first))
            case .closed:
                agentInbox.yield(.closed)
                agentInbox.finish()
            case .revoked, .inventoryAsked, .logAsked: break
            }
        }
        #expect(connection.identity.epoch == 3)
        let registration = WorkerRegistration(name: "w", incarnation: 1, capacity: [])
        connection.register(registration, held: []) { result in
            if case .success(let session) = result {
                agentInbox.yield(.registered(session.session))
            }
            for _ in 0..<20 { connection.credit(limit: 2, isDraining: false) }
            let item = ReportItem(
                number: JobNumber(1),
                attempt: AttemptNumber(1),
                at: Timestamp(milliseconds: 1),
                content: .started(ReportItem.Start())
            )
            connection.report(limit: 3, [item]) { result in
                if case .success(let results) = result {
                    agentInbox.yield(.reported(results.count))
                }
                connection.close()
            }
            connection.credit(limit: 4, isDraining: true)
        }
        var agent: [Came] = []
        for await came in atAgent { agent.append(came) }
        var wire: [Came] = []
        for await came in atServer { wire.append(came) }
        await server.close()
        #expect(agent.first == .registered(7))
        #expect(Set(agent) == [.registered(7), .assigned(1), .reported(1), .closed])
        let credits = [Came](repeating: .method(.credit), count: 20)
        #expect(wire == [.method(.register)] + credits + [.method(.report), .method(.credit)])
    }

    @Test func saysThatNobodyAnswers() async throws {
        let folder = try TestFolder()
        for endpoint in ["unix:" + folder.path + "/none", "nonsense"] {
            let error = await #expect(throws: AgentTransportError.self) {
                _ = try await RPCTransport(agent: "test").connect(to: endpoint) { _ in }
            }
            #expect(error?.detail.isEmpty == false)
        }
    }
}
