// SPDX-License-Identifier: Apache-2.0
// Reelwork: everything that reaches the scheduler

package import ReelworkCore

/// Everything that reaches the scheduler.
///
/// Requests carry the tag that their answer goes to.
package enum SchedulerInput: Sendable {
    /// Jobs to accept; with `isAtomic` all or none.
    case submit(RequestTag, [Submission], isAtomic: Bool, actor: String)
    /// Jobs to cancel.
    case cancel(RequestTag, [ResolvedJob], reason: String, actor: String)
    /// Jobs to force.
    case recover(RequestTag, RecoveryOrder)
    /// Ended jobs to run once more, as new ones.
    case retry(RequestTag, [RetryOrder], reason: String, actor: String)
    /// Queued jobs to put before all others of their tenant.
    case bump(RequestTag, [ResolvedJob], reason: String, actor: String)
    /// A queue to pause or resume.
    case setQueue(RequestTag, QueueOrder)
    /// A worker to drain, resume or remove.
    case setWorker(RequestTag, WorkerOrder)
    /// Someone wants to know why a job stands where it does.
    case why(RequestTag, ResolvedJob)
    /// A worker opens its session, or updates what it said.
    case register(RequestTag, SessionID, WorkerRegistration, held: [ResolvedHeld])
    /// A worker lives, and says what it runs; without a tag it was answered already.
    case heartbeat(RequestTag?, SessionID, HeartbeatNote)
    /// A worker lives; what its heartbeat says beside that comes in its turn, without a tag.
    case pulse(RequestTag, SessionID)
    /// A worker lives; what it says comes in its turn.
    case life(SignOfLife)
    /// A worker says how much it takes; the limit counts from the session's start.
    case credit(SessionID, assignLimit: UInt64, isDraining: Bool?)
    /// A worker says what came of its attempts.
    ///
    /// `ended` has the stored jobs that no longer live.
    case report(
        RequestTag,
        SessionID,
        assignLimit: UInt64,
        [ReportItem],
        ended: [JobNumber: JobMachine]
    )
    /// A worker answers what it holds.
    case inventory(SessionID, assignedSeen: UInt64, [ResolvedHeld])
    /// A worker did not say what it holds: it is asked again at the next mismatch.
    case inventoryFailed(SessionID)
    /// Encodes have come further.
    case progress(SessionID, [JobProgress])
    /// A worker's connection ended; with `isFarewell` it said goodbye.
    case closed(SessionID, isFarewell: Bool)
    /// A worker reads too slowly to be given more, or has caught up.
    case paused(SessionID, isPaused: Bool)
    /// A worker's process is gone (pidfd).
    case processGone(SessionID)
    /// Someone wants to see a worker, or with an empty name the fleet: at most `limit` workers,
    /// those whose names come after `after`.
    case workers(RequestTag, name: String, isLong: Bool, after: String, limit: Int)
    /// Someone wants to know who holds a job.
    case locate(RequestTag, JobNumber)
    /// Someone wants the figures.
    case metrics(RequestTag, prefix: String)
    /// The disk takes changes again, or a commit that took long is over: after a time in which no
    /// timer was acted on.
    case resumed
    /// Commit `number` and all before it are on disk.
    case committed(UInt64)
    /// A loop's turn: act on timers that are due, and look for what they may have missed.
    case sweep(SchedulerSweep)
}
