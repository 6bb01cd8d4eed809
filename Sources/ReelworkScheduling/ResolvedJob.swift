// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job that a request names

package import ReelworkCore

/// A job that a request names, looked up in the store before the scheduler is asked.
///
/// The scheduler's own record is newer where the job lives; the stored end serves where it does
/// not.
package struct ResolvedJob: Sendable {
    /// The number; nil where the store knows no such job.
    package var number: JobNumber?
    /// How the store has it.
    package var stored: JobMachine?
    /// A key that the store does not know; the scheduler may, where it is not committed yet.
    package var key: String?

    /// Makes a resolved name.
    package init(number: JobNumber?, stored: JobMachine? = nil, key: String? = nil) {
        self.number = number
        self.stored = stored
        self.key = key
    }
}
