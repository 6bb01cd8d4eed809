// SPDX-License-Identifier: Apache-2.0
// Reelwork: something to be looked at later

import ReelworkCore

/// Something to be looked at later.
///
/// A timer is a reminder, not a command: when it comes up, the scheduler looks at the record and
/// acts only if the time it states has really come.
struct Timer: Comparable, Hashable, Sendable {
    /// What to look at.
    enum Subject: Hashable, Sendable {
        /// A wait that ends: a backoff, or a job's own not-before.
        case wait(JobNumber)
        /// A held job: its time in assigned, its deadline, its stall window.
        case run(JobNumber)
        /// A worker's lease.
        case lease(WorkerIndex)
        /// The end of a drain, when what is left is handed back.
        case drain(WorkerIndex)
    }

    var at: BootInstant
    var subject: Subject

    static func < (left: Timer, right: Timer) -> Bool { left.at < right.at }
}
