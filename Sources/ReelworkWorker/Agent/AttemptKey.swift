// SPDX-License-Identifier: Apache-2.0
// Reelwork: a local name for a run

package import ReelworkCore

/// A local name for a run: the job and the attempt that it was started as.
///
/// It names the part and the scratch folder and stays the same where the scheduler adopts the run
/// under a new attempt.
package struct AttemptKey: Hashable, Comparable, Sendable {
    /// The job's universal id.
    package var id: JobID
    /// The attempt that the run was started as.
    package var origin: AttemptNumber

    /// Makes a key.
    package init(id: JobID, origin: AttemptNumber) {
        self.id = id
        self.origin = origin
    }

    /// Orders by job, then by attempt.
    package static func < (left: AttemptKey, right: AttemptKey) -> Bool {
        if left.id.high != right.id.high { return left.id.high < right.id.high }
        if left.id.low != right.id.low { return left.id.low < right.id.low }
        return left.origin < right.origin
    }
}
