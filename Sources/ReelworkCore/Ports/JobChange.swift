// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a batch supposes of a job

/// What a batch supposes of a job: how the stored row must stand before the batch is applied.
///
/// A store compares it with what it holds and refuses the batch where they differ, so that no move
/// is lost and none is made twice, whatever went wrong above.
public struct JobChange: Hashable, Sendable {
    /// The state before; nil for a job that the batch inserts.
    public var stateBefore: JobState?
    /// The number of moves before; 0 for a new job.
    public var movesBefore: UInt32
    /// The attempt before; none for a new job.
    public var attemptBefore: AttemptNumber

    /// Makes a supposition.
    public init(stateBefore: JobState?, movesBefore: UInt32, attemptBefore: AttemptNumber) {
        self.stateBefore = stateBefore
        self.movesBefore = movesBefore
        self.attemptBefore = attemptBefore
    }

    /// Whether the batch inserts the job.
    public var isNew: Bool { stateBefore == nil }
}
