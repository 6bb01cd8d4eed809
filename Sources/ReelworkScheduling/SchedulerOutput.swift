// SPDX-License-Identifier: Apache-2.0
// Reelwork: what leaves after the commit

/// What leaves after the commit that it depends on, in this order on each connection.
package enum SchedulerOutput: Sendable {
    /// An answer.
    case answer(RequestTag, SchedulerAnswer)
    /// A push to a worker.
    case push(SessionID, SchedulerPush)

    /// Whether it may leave while the disk is full: it is for whoever looks, and changes nothing.
    package var isIndependent: Bool {
        switch self {
        case .answer(_, .workers), .answer(_, .metrics), .answer(_, .located), .answer(_, .why),
            .answer(_, .whyStored):
            true
        case .answer, .push: false
        }
    }
}
