// SPDX-License-Identifier: Apache-2.0
// Reelwork: what becomes of a queue

package import ReelworkCore

/// What becomes of a queue.
package struct QueueOrder: Sendable {
    /// The queue.
    package var queue: JobQueue
    /// Nothing of it is to be assigned; else it goes on.
    package var isPaused: Bool
    /// Why, in words.
    package var reason: String
    /// Who says so.
    package var actor: String

    /// Makes an order.
    package init(queue: JobQueue, isPaused: Bool, reason: String, actor: String) {
        self.queue = queue
        self.isPaused = isPaused
        self.reason = reason
        self.actor = actor
    }
}
