// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a scheduler starts from

/// What a scheduler starts from.
public struct StoreSnapshot: Sendable {
    /// The number that the next job gets.
    public var nextNumber: JobNumber
    /// Every job that is not terminal, in order of number.
    public var jobs: [StoredJob]
    /// Every known worker, in order of name.
    public var workers: [WorkerRow]
    /// Every queue that was ever paused, in order of its number.
    public var queues: [QueueRow]
    /// Every mark of a job, in order of number, worker, kind and incarnation.
    public var marks: [JobMarkRow]

    /// Makes a snapshot.
    public init(
        nextNumber: JobNumber,
        jobs: [StoredJob],
        workers: [WorkerRow],
        queues: [QueueRow] = [],
        marks: [JobMarkRow] = []
    ) {
        self.nextNumber = nextNumber
        self.jobs = jobs
        self.workers = workers
        self.queues = queues
        self.marks = marks
    }
}
