// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an admin forces

import ReelworkCore

/// What an admin forces.
package struct RecoveryOrder: Sendable {
    /// Which jobs.
    package enum Target: Sendable {
        /// These.
        case jobs([ResolvedJob])
        /// All that a worker holds.
        case worker(String)
        /// All whose worker is dead, removed or unknown.
        case orphans
    }

    /// The numbers on the wire.
    package enum Action: UInt8, CaseIterable, Sendable {
        /// Out of dead hands, as the scheduler itself would.
        case recover = 1
        /// Back into the queue, now.
        case requeue = 2
        /// Failed for good.
        case fail = 3
    }

    /// Which jobs.
    package var target: Target
    /// What becomes of them.
    package var action: Action
    /// Why; it lands in history.
    package var reason: String
    /// Who; it lands in history.
    package var actor: String

    /// Makes an order.
    package init(target: Target, action: Action, reason: String, actor: String) {
        self.target = target
        self.action = action
        self.reason = reason
        self.actor = actor
    }
}
