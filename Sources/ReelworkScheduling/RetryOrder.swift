// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job to be run once more, as a new one

/// A job that has ended and is to be run once more, as a new job with its spec.
package struct RetryOrder: Sendable {
    /// The job that has ended, as the store has it.
    package var parent: ResolvedJob
    /// The new one: its key, the parent's spec, and the stored job that has the key already.
    package var submission: Submission

    /// Makes an order.
    package init(parent: ResolvedJob, submission: Submission) {
        self.parent = parent
        self.submission = submission
    }
}
