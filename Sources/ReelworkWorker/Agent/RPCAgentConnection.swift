// SPDX-License-Identifier: Apache-2.0
// Reelwork: one connection of an agent over the wire

import ReelworkCore
import ReelworkRPC
import ReelworkWire

/// One connection of an agent over the wire.
///
/// Calls go out in their order: each runs on the caller's thread up to the point where it waits,
/// and by then it is in the connection's own queue.
struct RPCAgentConnection: AgentConnection {
    let identity: AgentPeerIdentity
    private let connection: RPCConnection
    private let receive: @Sendable (AgentConnectionEvent) -> Void

    init(
        _ connection: RPCConnection,
        _ receive: @escaping @Sendable (AgentConnectionEvent) -> Void
    ) {
        self.connection = connection
        self.receive = receive
        identity = AgentPeerIdentity(
            cluster: connection.terms.cluster ?? JobID(high: 0, low: 0),
            epoch: connection.terms.epoch
        )
    }

    func register(
        _ registration: WorkerRegistration,
        held: [HeldAttempt],
        _ answer: @escaping @Sendable (Result<AgentSession, AgentTransportError>) -> Void
    ) {
        let request = Register.Request(worker: registration, held: held)
        ask(Register.self, request) { [connection, receive] result in
            answer(
                result.map {
                    AgentSession(
                        session: $0.session,
                        heartbeat: $0.heartbeat,
                        lease: $0.lease,
                        verdicts: $0.verdicts
                    )
                }
            )
            // Only now: the first ASSIGN must not be seen before the answer that it follows.
            Task { await RPCAgentConnection.pass(connection, receive) }
        }
    }

    func heartbeat(
        _ heartbeat: AgentHeartbeat,
        _ answer: @escaping @Sendable (Result<Void, AgentTransportError>) -> Void
    ) {
        let request = Heartbeat.Request(
            assignedSeen: heartbeat.assignedSeen,
            open: heartbeat.open,
            digest: heartbeat.digest.value,
            scratchFreeMebibytes: heartbeat.scratchFreeMebibytes,
            loadMilli: heartbeat.loadMilli
        )
        ask(Heartbeat.self, request) { answer($0.map { _ in }) }
    }

    func report(
        limit: UInt64,
        _ items: [ReportItem],
        _ answer: @escaping @Sendable (Result<[ItemResult], AgentTransportError>) -> Void
    ) {
        let request = Report.Request(assignLimit: limit, items: items)
        ask(Report.self, request) { answer($0.map(\.results)) }
    }

    func credit(limit: UInt64, isDraining: Bool) {
        connection.send(
            Credit.self,
            Credit.Event(assignLimit: limit, isDraining: isDraining ? true : nil)
        )
    }

    func progress(_ notes: [JobProgress]) {
        connection.send(
            ProgressReport.self,
            ProgressReport.Event(progress: notes),
            isDroppable: true
        )
    }

    func answerInventory(_ request: UInt32, assignedSeen: UInt64, held: [HeldAttempt]) {
        connection.respond(
            Inventory.self,
            Inventory.Response(assignedSeen: assignedSeen, held: held),
            to: request
        )
    }

    func answerLog(_ request: UInt32, _ piece: AgentLogPiece?) {
        guard let piece else {
            let error = ErrorMessage(.notFound, detail: "no log of that attempt is here")
            connection.respond(error, method: .logRead, to: request)
            return
        }
        connection.respond(
            LogRead.self,
            LogRead.Response(offset: piece.offset, data: piece.data),
            to: request
        )
    }

    func close() {
        Task.immediate { [self] in await leave() }
    }

    func leave() async { await connection.close() }

    private func ask<C: WireCall & SendableMetatype>(
        _ call: C.Type,
        _ request: C.Request,
        _ answer: @escaping @Sendable (Result<C.Response, AgentTransportError>) -> Void
    ) {
        Task.immediate { [connection] in
            do throws(RPCError) {
                answer(.success(try await connection.call(call, request)))
            } catch {
                answer(.failure(AgentTransportError(error)))
            }
        }
    }

    private static func pass(
        _ connection: RPCConnection,
        _ receive: @Sendable (AgentConnectionEvent) -> Void
    ) async {
        for await push in connection.pushes {
            switch push {
            case .assign(let event):
                receive(.assigned(firstIndex: event.firstIndex, event.assignments))
            case .revoke(let event): receive(.revoked(event.revocations))
            case .inventory(let request): receive(.inventoryAsked(request: request))
            case .logRead(let asked, let request):
                receive(
                    .logAsked(
                        request: request,
                        number: asked.number,
                        attempt: asked.attempt,
                        offset: asked.offset
                    )
                )
            // It still gets its answer.
            case .canceled: break
            // The end itself follows.
            case .farewell: break
            case .closed(let error):
                receive(.closed(error.map { AgentTransportError($0) }))
                return
            }
        }
        receive(.closed(nil))
    }
}
