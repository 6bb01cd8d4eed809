// SPDX-License-Identifier: Apache-2.0
// Reelwork: which jobs are forced out of dead hands.

public import ReelworkCore

/// Which jobs are forced out of dead hands.
public enum RecoverTarget: Hashable, Sendable {
    /// These.
    case jobs([JobRef])
    /// All that this worker holds.
    case worker(String)
    /// All whose worker is dead or unknown.
    case allOrphans
}

/// What is done with them.
public enum RecoverAction: Hashable, Sendable {
    /// What the scheduler would do after the worker's death.
    case recover
    /// Back into the queue, now.
    case requeue
    /// Ended as failed.
    case fail
}

/// What became of one job.
public struct RecoveredJob: Hashable, Sendable {
    /// The job.
    public var number: JobNumber
    /// Its state before.
    public var from: OpenEnum<JobState>?
    /// Its state after.
    public var to: OpenEnum<JobState>?
    /// What came of it.
    public var code: OpenEnum<ResultCode>
}
