// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker did to a live job

/// What a worker did to a job that still lives, kept for the choice of the next one.
///
/// The marks of a job go when it ends.
public struct JobMarkRow: Hashable, Sendable {
    /// What it did; the numbers on disk.
    public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// It reported that it cannot do the job: never its own again.
        case refused = 1
        /// It died while it held the job.
        case died = 2
        /// The job failed on it.
        case failed = 3
    }

    /// The job.
    public var number: JobNumber
    /// The worker, by name: it may have been removed since.
    public var worker: String
    /// What it did.
    public var kind: Kind
    /// Which life of the worker it was.
    public var incarnation: UInt64
    /// When.
    public var at: Timestamp

    /// Makes a row.
    public init(
        number: JobNumber,
        worker: String,
        kind: Kind,
        incarnation: UInt64,
        at: Timestamp
    ) {
        self.number = number
        self.worker = worker
        self.kind = kind
        self.incarnation = incarnation
        self.at = at
    }
}
