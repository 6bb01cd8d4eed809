// SPDX-License-Identifier: Apache-2.0
// Reelwork: one entry of a job's history

/// One move in a job's history.
///
/// The fold of all of a job's moves is its state.
public struct Move: Hashable, Sendable {
    /// Its place in the job's history, from 1 without a gap.
    public var sequence: UInt64
    /// The state before; nil for the first move.
    public var from: OpenEnum<JobState>?
    /// The state after.
    public var to: OpenEnum<JobState>
    /// When it was made.
    public var at: Timestamp
    /// Why, in words for people.
    public var reason: String
    /// The job's attempt after the move.
    public var attempt: AttemptNumber
    /// The worker concerned; empty where there is none.
    public var worker: String
    /// Who caused it: `scheduler`, `worker:NAME`, `uid:1000`.
    public var actor: String
    /// Why the attempt failed, where it did.
    public var failure: OpenEnum<FailureClass>?
    /// More for people: the encoder's last words, the exit code.
    public var detail: String?

    /// Makes a move.
    public init(
        sequence: UInt64,
        from: OpenEnum<JobState>?,
        to: OpenEnum<JobState>,
        at: Timestamp,
        reason: String,
        attempt: AttemptNumber,
        worker: String = "",
        actor: String,
        failure: OpenEnum<FailureClass>? = nil,
        detail: String? = nil
    ) {
        self.sequence = sequence
        self.from = from
        self.to = to
        self.at = at
        self.reason = reason
        self.attempt = attempt
        self.worker = worker
        self.actor = actor
        self.failure = failure
        self.detail = detail
    }
}
