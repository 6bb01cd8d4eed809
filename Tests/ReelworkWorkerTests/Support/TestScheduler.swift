// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler that lives in the tests

import ReelworkCore
import Synchronization

@testable import ReelworkWorker

/// A scheduler that lives in the tests: hands out what it was given against the credit, says OK to
/// every report, and tells the test what came.
final class TestScheduler: AgentTransport {
    /// What a worker did.
    enum News: Sendable {
        case registered(WorkerRegistration, [HeldAttempt])
        case reported(ReportItem)
        case progressed([JobProgress])
        case inventory([HeldAttempt])
        case log(AgentLogPiece?)
        case left
    }

    struct State {
        var waiting: [Assignment] = []
        var assigned: UInt64 = 0
        var limit: UInt64 = 0
        var receive: (@Sendable (AgentConnectionEvent) -> Void)?
        var epoch: UInt64 = 1
        var failures = 0
        /// How often it wants heartbeats.
        var heartbeat = Duration.seconds(5)
        /// How many connections answer no heartbeat, as a line that is dead.
        var deadLines = 0
        /// How many connections answer every heartbeat that they do not know the session.
        var strangerLines = 0
        /// A worker has said goodbye.
        var hasFarewell = false
    }

    let state = Mutex(State())
    let news: AsyncStream<News>
    let inbox: AsyncStream<News>.Continuation

    init(_ assignments: [Assignment] = [], failures: Int = 0) {
        (news, inbox) = AsyncStream.makeStream(of: News.self)
        state.withLock { state in
            state.waiting = assignments
            state.failures = failures
        }
    }

    func connect(
        to endpoint: String,
        _ receive: @escaping @Sendable (AgentConnectionEvent) -> Void
    ) async throws(AgentTransportError) -> any AgentConnection {
        let isRefused = state.withLock { state in
            state.failures -= 1
            return state.failures >= 0
        }
        if isRefused { throw AgentTransportError(detail: "nobody answers") }
        let epoch = state.withLock { state in
            (state.assigned, state.limit, state.receive) = (0, 0, receive)
            state.deadLines -= 1
            state.strangerLines -= 1
            return state.epoch
        }
        return TestConnection(
            scheduler: self,
            identity: AgentPeerIdentity(cluster: JobID(high: 1, low: 1), epoch: epoch)
        )
    }

    /// Breaks the connection.
    func drop() {
        state.withLock { state in
            defer { state.receive = nil }
            return state.receive
        }?(.closed(nil))
    }

    func send(_ event: AgentConnectionEvent) { state.withLock { $0.receive }?(event) }

    /// The credit rose: hand out what fits.
    func raise(_ limit: UInt64) {
        let (first, assignments, receive) = state.withLock { state in
            state.limit = max(state.limit, limit)
            let first = state.assigned + 1
            var out: [Assignment] = []
            while state.assigned < state.limit, !state.waiting.isEmpty {
                out.append(state.waiting.removeFirst())
                state.assigned += 1
            }
            return (first, out, state.receive)
        }
        if !assignments.isEmpty { receive?(.assigned(firstIndex: first, assignments)) }
    }
}
