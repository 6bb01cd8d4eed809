// SPDX-License-Identifier: Apache-2.0
// Reelwork: what can happen to a job

/// What can happen to a job.
///
/// ``JobMachine`` turns each into legal steps or refuses it.
public enum JobEvent: Hashable, Sendable {
    /// A worker was chosen: the attempt rises by one.
    case assigned
    /// The worker says that the attempt runs, having looked at earlier grants.
    case started(AttemptNumber)
    /// A worker goes on with it under a later attempt: nobody has looked at earlier grants.
    case resumed(AttemptNumber)
    /// The worker has encoded and verified, and asks for the grant to publish.
    case ready(AttemptNumber)
    /// The worker has published, or took over the film of an earlier granted attempt.
    case finished(AttemptNumber, Publication)
    /// The attempt failed; `final` where the error may not be retried whatever its class.
    case failed(AttemptNumber, FailureClass, final: Bool)
    /// The worker hands the attempt back without a failure.
    case released(AttemptNumber)
    /// The deadline passed, or the encode stalled.
    case timedOut
    /// The worker that held it is dead, removed or unknown.
    case workerLost
    /// The worker never received it, or lost it without a failure: not counted.
    case assignmentLost
    /// The wait after a failure is over.
    case backoffElapsed
    /// A worker that came back still runs the job's last attempt, and no newer one was assigned.
    case adopted(AttemptNumber)
    /// A user ended it.
    case canceled
    /// No worker can do it.
    case rejected
    /// An admin puts it back into the queue, now.
    case requeued
    /// An admin lets one that is queued for a later time go now: by way of retrying, so that
    /// history says who and why.
    case hastened
    /// An admin ends it as failed.
    case failedByForce
    /// So many agents died while they had it that it is given up: failed, after a look for the film
    /// where a grant is open.
    case quarantined
}
