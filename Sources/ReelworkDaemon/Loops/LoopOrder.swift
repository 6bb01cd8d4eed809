// SPDX-License-Identifier: Apache-2.0
// Reelwork: what becomes of a loop

/// What becomes of a loop.
struct LoopOrder: Sendable {
    /// What is to be done with it.
    enum Action: Hashable, Sendable {
        /// It has its turns again.
        case start
        /// It has no more turns, until it or the scheduler is started again.
        case stop
        /// One turn, now.
        case run
    }

    /// The loop.
    var name: String
    /// What is to be done.
    var action: Action
    /// Why, in words.
    var reason: String
    /// Who says so.
    var actor: String
}
