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

    /// Makes a snapshot.
    public init(nextNumber: JobNumber, jobs: [StoredJob], workers: [WorkerRow]) {
        self.nextNumber = nextNumber
        self.jobs = jobs
        self.workers = workers
    }
}
