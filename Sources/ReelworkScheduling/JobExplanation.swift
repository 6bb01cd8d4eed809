// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does

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

    /// Why; never empty.
    package var reasons: [Reason]

    /// Makes an explanation.
    package init(reasons: [Reason]) {
        self.reasons = reasons
    }
}
