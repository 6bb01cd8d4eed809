// SPDX-License-Identifier: Apache-2.0
// Reelwork: what came of a forced move

package import ReelworkCore

/// What came of a forced move of one job.
package struct RecoveryOutcome: Hashable, Sendable {
    /// The job.
    package var number: JobNumber
    /// Its state before; nil where there is no such job.
    package var from: JobState?
    /// Its state after; nil where there is no such job.
    package var to: JobState?
    /// `ok`, or why nothing was done.
    package var code: ResultCode
    /// What to do, in words.
    package var detail: String?
}
