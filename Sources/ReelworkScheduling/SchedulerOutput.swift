// SPDX-License-Identifier: Apache-2.0
// Reelwork: what leaves after the commit

/// What leaves after the commit that it depends on, in this order on each connection.
package enum SchedulerOutput: Sendable {
    /// An answer.
    case answer(RequestTag, SchedulerAnswer)
    /// A push to a worker.
    case push(SessionID, SchedulerPush)

    /// Whether it may leave before any commit: it says nothing that a commit makes true.
    package var isIndependent: Bool {
        switch self {
        case .answer(_, .heartbeat), .answer(_, .workers), .answer(_, .metrics),
            .answer(_, .located), .answer(_, .why):
            true
        case .answer, .push: false
        }
    }
}
