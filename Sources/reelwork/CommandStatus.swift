// SPDX-License-Identifier: Apache-2.0
// Reelwork: how the program ends

/// How the program ends, as scripts see it.
enum CommandStatus: Int32 {
    case done = 0
    /// The operation failed.
    case failed = 1
    /// What was typed makes no sense.
    case usage = 2
    /// A job that was waited for failed.
    case jobFailed = 3
    /// A job that was waited for was canceled.
    case jobCanceled = 4
    /// A job that was waited for was rejected.
    case jobRejected = 5
    /// The scheduler cannot be reached (EX_UNAVAILABLE, sysexits.h).
    case unreachable = 69
    /// The store failed (EX_SOFTWARE, sysexits.h).
    case storeFailed = 70
    /// Not permitted (EX_NOPERM, sysexits.h).
    case denied = 77
    /// Ended by Ctrl-C (128 + SIGINT).
    case interrupted = 130
}
