// SPDX-License-Identifier: Apache-2.0
// Reelwork: one thing for the scheduler

import ReelworkCore
import ReelworkScheduling

/// One thing for the scheduler, as the event loop hands it over: decoded, not yet looked up.
enum Letter: Sendable {
    /// Jobs to accept; their keys are looked up for the whole batch of letters at once.
    case submit(RequestTag, [Submission], isAtomic: Bool, actor: String)
    /// Jobs to cancel.
    case cancel(RequestTag, [JobRef], reason: String, actor: String)
    /// Jobs to force; the references are looked up where the target is jobs.
    case recover(RequestTag, [JobRef], RecoveryOrder)
    /// Ended jobs to run once more, each with the new one's key.
    case retry(RequestTag, [RetryRequest], reason: String, actor: String)
    /// Jobs to put first.
    case bump(RequestTag, [JobRef], reason: String, actor: String)
    /// A worker registers.
    case register(RequestTag, SessionID, WorkerRegistration, [HeldAttempt])
    /// A worker reports.
    case report(RequestTag, SessionID, assignLimit: UInt64, [ReportItem])
    /// A worker says what it holds.
    case inventory(SessionID, assignedSeen: UInt64, [HeldAttempt])
    /// A loop to start, stop or run.
    case loop(RequestTag, LoopOrder)
    /// Anything that needs no look into the store.
    case input(SchedulerInput)
    /// One that is answered TIMEOUT where it is not looked at before then.
    indirect case expiring(RequestTag, at: BootInstant, Letter)
    /// Stop when all before it is done.
    case stop

    /// What becomes of a letter where the inbox is full.
    enum Standing: Hashable, Sendable {
        /// The daemon's own, or bounded by what the daemon asked for: taken.
        case own
        /// The protocol promises that it is never BUSY: taken, and its session held.
        case promised(SessionID)
        /// The sender is told to come later; progress is dropped.
        case refusable
    }

    /// What becomes of it where the inbox is full.
    var standing: Standing {
        switch self {
        case .stop, .inventory: .own
        case .report(_, let session, _, _), .input(.heartbeat(_, let session, _)):
            .promised(session)
        case .input(.progress), .input(.workers), .input(.metrics), .input(.why),
            .input(.setQueue), .input(.setWorker):
            .refusable
        case .input: .own
        case .submit, .cancel, .recover, .register, .retry, .bump, .loop: .refusable
        case .expiring(_, _, let letter): letter.standing
        }
    }
}
