// SPDX-License-Identifier: Apache-2.0
// Reelwork: what one commit makes durable

/// What one commit makes durable.
///
/// Parts are applied in the order of the properties; the number after the highest inserted is never
/// given again, whatever is deleted later.
public struct StoreBatch: Hashable, Sendable {
    /// New jobs; each has a row and a first move in the same batch.
    public var inserts: [JobInsert]
    /// How changed jobs stand at the end; at most one row a job.
    public var rows: [JobRow]
    /// Every move, in order.
    public var moves: [MoveRow]
    /// Grants to publish.
    public var grants: [GrantRow]
    /// Ends of encoders' logs.
    public var logs: [LogRow]
    /// Workers that registered or changed, by name.
    public var workers: [WorkerRow]
    /// Names of workers that were removed.
    public var workersRemoved: [String]
    /// Queues that were paused or resumed.
    public var queues: [QueueRow]
    /// What workers did to jobs that live.
    public var marks: [JobMarkRow]
    /// Jobs whose marks are needed no more.
    public var marksRemoved: [JobNumber]

    /// Makes an empty batch.
    public init() {
        inserts = []
        rows = []
        moves = []
        grants = []
        logs = []
        workers = []
        workersRemoved = []
        queues = []
        marks = []
        marksRemoved = []
    }

    /// Whether there is nothing to write.
    public var isEmpty: Bool {
        inserts.isEmpty && rows.isEmpty && moves.isEmpty && grants.isEmpty && logs.isEmpty
            && workers.isEmpty && workersRemoved.isEmpty && queues.isEmpty && marks.isEmpty
            && marksRemoved.isEmpty
    }

    /// Forgets its content and keeps its memory for the next batch.
    public mutating func removeAll() {
        inserts.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        moves.removeAll(keepingCapacity: true)
        grants.removeAll(keepingCapacity: true)
        logs.removeAll(keepingCapacity: true)
        workers.removeAll(keepingCapacity: true)
        workersRemoved.removeAll(keepingCapacity: true)
        queues.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        marksRemoved.removeAll(keepingCapacity: true)
    }
}
