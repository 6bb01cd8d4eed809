// SPDX-License-Identifier: Apache-2.0
// Reelwork: what becomes of a worker

/// What becomes of a worker.
package struct WorkerOrder: Sendable {
    /// What is to be done with it.
    package enum Action: Hashable, Sendable {
        /// It gets no more; what has not ended `within` is handed back, where that is said.
        case drain(within: Duration?)
        /// It gets work again.
        case resume
        /// It is forgotten, and its jobs go to others.
        case remove
    }

    /// The worker.
    package var name: String
    /// What is to be done.
    package var action: Action
    /// Why, in words.
    package var reason: String
    /// Who says so.
    package var actor: String

    /// Makes an order.
    package init(name: String, action: Action, reason: String, actor: String) {
        self.name = name
        self.action = action
        self.reason = reason
        self.actor = actor
    }
}
