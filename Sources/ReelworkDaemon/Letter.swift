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
    /// A worker registers.
    case register(RequestTag, SessionID, WorkerRegistration, [HeldAttempt])
    /// A worker reports.
    case report(RequestTag, SessionID, assignLimit: UInt64, [ReportItem])
    /// A worker says what it holds.
    case inventory(SessionID, assignedSeen: UInt64, [HeldAttempt])
    /// Anything that needs no look into the store.
    case input(SchedulerInput)
    /// One that is answered TIMEOUT where it is not looked at before then.
    indirect case expiring(RequestTag, at: BootInstant, Letter)
    /// Stop when all before it is done.
    case stop

    /// The daemon's own letters are never refused.
    var isOwn: Bool {
        switch self {
        case .stop, .inventory: true
        case .input(.progress): false
        case .input: true
        case .submit, .cancel, .recover, .register, .report, .expiring: false
        }
    }
}
