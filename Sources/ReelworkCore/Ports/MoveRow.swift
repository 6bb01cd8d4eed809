// SPDX-License-Identifier: Apache-2.0
// Reelwork: a move to be stored

/// A move to be stored: it goes in with the row that it leads to, in one transaction.
public struct MoveRow: Hashable, Sendable {
    /// The job.
    public var number: JobNumber
    /// The job's queue, for those who follow one queue; it is stored with the job, not here.
    public var queue: JobQueue
    /// Its place in the job's history, from 1 without a gap.
    public var sequence: UInt32
    /// The step; `from` is nil for the first.
    public var step: JobStep
    /// When it was made.
    public var at: Timestamp
    /// Why, in words.
    public var reason: String
    /// The job's attempt after the move.
    public var attempt: AttemptNumber
    /// The worker concerned; empty where there is none.
    public var worker: String
    /// Who caused it.
    public var actor: String
    /// Why the attempt failed, where it did.
    public var failure: FailureClass?
    /// More for people.
    public var detail: String?

    /// Makes a move to be stored.
    public init(
        number: JobNumber,
        queue: JobQueue,
        sequence: UInt32,
        step: JobStep,
        at: Timestamp,
        reason: String,
        attempt: AttemptNumber,
        worker: String = "",
        actor: String,
        failure: FailureClass? = nil,
        detail: String? = nil
    ) {
        self.number = number
        self.queue = queue
        self.sequence = sequence
        self.step = step
        self.at = at
        self.reason = reason
        self.attempt = attempt
        self.worker = worker
        self.actor = actor
        self.failure = failure
        self.detail = detail
    }

    /// The move as readers see it.
    public var move: Move {
        Move(
            sequence: UInt64(sequence),
            from: step.from.map { .known($0) },
            to: .known(step.to),
            at: at,
            reason: reason,
            attempt: attempt,
            worker: worker,
            actor: actor,
            failure: failure.map { .known($0) },
            detail: detail
        )
    }
}
