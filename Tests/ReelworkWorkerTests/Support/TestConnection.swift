// SPDX-License-Identifier: Apache-2.0
// Reelwork: one connection of a test scheduler

import ReelworkCore
import Synchronization

@testable import ReelworkWorker

/// One connection to it.
struct TestConnection: AgentConnection {
    let scheduler: TestScheduler
    let identity: AgentPeerIdentity

    func register(
        _ registration: WorkerRegistration,
        held: [HeldAttempt],
        _ answer: @escaping @Sendable (Result<AgentSession, AgentTransportError>) -> Void
    ) {
        scheduler.inbox.yield(.registered(registration, held))
        answer(
            .success(
                AgentSession(
                    session: 1,
                    heartbeat: scheduler.state.withLock { $0.heartbeat },
                    // Short, so that the next connection comes soon.
                    lease: .seconds(3),
                    verdicts: held.map { _ in Verdict(.known(.keep)) }
                )
            )
        )
    }

    func heartbeat(
        _ heartbeat: AgentHeartbeat,
        _ answer: @escaping @Sendable (Result<Void, AgentTransportError>) -> Void
    ) {
        guard scheduler.state.withLock({ $0.deadLines < 0 }) else { return }
        guard scheduler.state.withLock({ $0.strangerLines < 0 }) else {
            let words = "this session is over: register again"
            let error = AgentTransportError(code: .known(.sessionSuperseded), detail: words)
            return answer(.failure(error))
        }
        answer(.success(()))
    }

    func report(
        limit: UInt64,
        _ items: [ReportItem],
        _ answer: @escaping @Sendable (Result<[ItemResult], AgentTransportError>) -> Void
    ) {
        for item in items { scheduler.inbox.yield(.reported(item)) }
        answer(.success(items.map { _ in ItemResult(.ok) }))
        scheduler.raise(limit)
    }

    func credit(limit: UInt64, isDraining: Bool) { scheduler.raise(limit) }

    func progress(_ notes: [JobProgress]) { scheduler.inbox.yield(.progressed(notes)) }

    func answerInventory(_ request: UInt32, assignedSeen: UInt64, held: [HeldAttempt]) {
        scheduler.inbox.yield(.inventory(held))
    }

    func answerLog(_ request: UInt32, _ piece: AgentLogPiece?) {
        scheduler.inbox.yield(.log(piece))
    }

    func close() { scheduler.inbox.yield(.left) }

    /// The goodbye takes a moment, as over a socket.
    func leave() async {
        for _ in 0..<100 { await Task.yield() }
        scheduler.state.withLock { $0.hasFarewell = true }
        close()
    }
}
