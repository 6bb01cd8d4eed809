// SPDX-License-Identifier: Apache-2.0
// Reelwork: the workers that were considered for a job

import ReelworkCore

/// The workers that were considered for a job, and what they lack.
struct WorkersSeen {
    /// What they lack, counted; none where one is free.
    var reasons: [JobExplanation.Reason] = []
    /// The nearest to taking it.
    var workers: [JobExplanation.Considered] = []
    /// There are more than `workers` has.
    var isCut = false
    /// There are more than were looked at.
    var isPartial = false
    /// One could run it at another time.
    var isAnyAble = false
    /// One is free for it now.
    var isAnyFree = false
    /// The name of one that is.
    var freeName: String?
    /// When anything can change of one that could run it: the end of a lease or of a drain.
    var changeAt: BootInstant?
}
