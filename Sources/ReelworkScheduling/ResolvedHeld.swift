// SPDX-License-Identifier: Apache-2.0
// Reelwork: a held attempt and its job

package import ReelworkCore

/// An attempt that a worker says it holds, with the job that the store has under its id.
package struct ResolvedHeld: Sendable {
    /// What the worker says.
    package var held: HeldAttempt
    /// The job.
    package var job: ResolvedJob

    /// Makes a resolved held attempt.
    package init(held: HeldAttempt, job: ResolvedJob) {
        self.held = held
        self.job = job
    }
}
