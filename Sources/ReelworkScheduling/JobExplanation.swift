// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does

package import ReelworkCore

/// Why a job stands where it does, and what can change that.
package struct JobExplanation: Sendable {
    /// One reason.
    package struct Reason: Hashable, Sendable {
        /// A word for programs, of the list in the specification.
        package var code: String
        /// A sentence for people.
        package var text: String
        /// How many workers it holds for; 0 where it is about none.
        package var count: UInt64

        /// Makes a reason.
        package init(_ code: String, _ text: String, count: UInt64 = 0) {
            self.code = code
            self.text = text
            self.count = count
        }
    }

    /// What a worker lacks for the job.
    package struct WorkerReason: Hashable, Sendable {
        /// The worker.
        package var name: String
        /// A word for programs, of the list in the specification.
        package var code: String
        /// A sentence for people.
        package var text: String

        /// Makes it.
        package init(name: String, code: String, text: String) {
            self.name = name
            self.code = code
            self.text = text
        }
    }

    /// Why; the first is the answer, never empty.
    package var reasons: [Reason]
    /// Its rank; nil where it does not wait.
    package var rank: Rank?
    /// Its place among the jobs of its tenant; 1 is the next. At least this, where many wait.
    package var place: UInt64?
    /// The next time at which anything can change by itself.
    package var nextAt: Timestamp?
    /// The workers that were considered.
    package var workers: [WorkerReason] = []
    /// There are more workers than are told.
    package var isCut = false

    /// Makes an explanation.
    package init(reasons: [Reason]) {
        self.reasons = reasons
    }
}
