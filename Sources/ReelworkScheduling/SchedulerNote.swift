// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the log tells

package import ReelworkCore

/// What the log tells beside the moves themselves (requirements, R9).
package enum SchedulerNote: Hashable, Sendable {
    /// A worker registered.
    case workerRegistered(name: String, slots: UInt64)
    /// A worker's connection ended; its lease still runs.
    case workerSuspect(name: String, remaining: Duration)
    /// A worker is dead.
    case workerDead(name: String, silent: Duration, why: String)
    /// A worker said goodbye.
    case workerLeft(name: String)
    /// A job's time is over.
    case timedOut(JobNumber, why: String)
    /// A job's time was over and its media time advances: it gets one window more.
    case extended(JobNumber, by: Duration)
    /// A job is taken out of a dead worker's hands.
    case recovering(JobNumber, worker: String)
    /// A job waits for its next attempt.
    case retryScheduled(JobNumber, retry: UInt16, retriesMax: UInt16, wait: Duration)
    /// A job's retries are spent.
    case retriesSpent(JobNumber, retriesMax: UInt16)
    /// A queue was paused, or goes on.
    case queueSet(JobQueue, isPaused: Bool, reason: String, actor: String)
    /// A job was put before all others of its tenant.
    case bumped(JobNumber, reason: String, actor: String)
    /// A worker's set of attempts differs from ours.
    case digestMismatch(worker: String)
    /// A job is given up: so many agents died while they had it.
    case quarantined(JobNumber, why: String)
    /// A job came back so often in a row without a failure that it waits.
    case handedBackOften(JobNumber, times: Int, wait: Duration)
    /// A worker fails what others finish, and gets nothing more.
    case workerCordoned(name: String, why: String)
    /// An admin told a worker to take nothing more.
    case workerDraining(name: String, within: Duration?, reason: String, actor: String)
    /// A drain is over: what was left is taken back.
    case drainOver(name: String, left: Int)
    /// An admin gives a worker work again.
    case workerResumed(name: String, reason: String, actor: String)
    /// An admin removed a worker.
    case workerRemoved(name: String, reason: String, actor: String)
    /// A loop found something that should not be, and mended it where it could.
    case sweepFailed(SchedulerSweep, found: String)
    /// An admin started, stopped or ran a loop.
    case loopSet(SchedulerSweep, what: String, reason: String, actor: String)
}
