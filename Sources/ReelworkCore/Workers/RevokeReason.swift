// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an attempt is taken back

/// Why the scheduler takes an attempt back.
public enum RevokeReason: UInt8, CaseIterable, Hashable, Sendable {
    /// A user ended the job.
    case canceled = 1
    /// Its time is over.
    case timedOut = 2
    /// It is not the job's current attempt.
    case stale = 3
    /// An admin put the job back into the queue.
    case requeued = 4
    /// The worker drains.
    case draining = 5
    /// Another worker is to run it; only before it started.
    case preferredElsewhere = 6
}
