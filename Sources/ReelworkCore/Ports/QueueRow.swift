// SPDX-License-Identifier: Apache-2.0
// Reelwork: a queue that was paused or resumed

/// How a queue stands, once anybody paused it.
public struct QueueRow: Hashable, Sendable {
    /// The queue.
    public var queue: JobQueue
    /// Since when nothing of it is assigned; nil where it goes on.
    public var paused: Timestamp?
    /// Who said so last.
    public var actor: String
    /// Why, in words.
    public var reason: String

    /// Makes a row.
    public init(queue: JobQueue, paused: Timestamp?, actor: String, reason: String) {
        self.queue = queue
        self.paused = paused
        self.actor = actor
        self.reason = reason
    }
}
