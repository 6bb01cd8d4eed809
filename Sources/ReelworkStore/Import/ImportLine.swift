// SPDX-License-Identifier: Apache-2.0
// Reelwork: one line of an import's report

package import ReelworkCore

/// One line of an import's report: one row, one change.
package struct ImportLine: Hashable, Sendable {
    /// The id of the job or node in the predecessor's file; empty where it has none.
    package var id: String
    /// The job's number in the predecessor's file, as it stands there; nil for none.
    package var numberBefore: String?
    /// The job's number in our store; nil where it was not imported.
    package var number: JobNumber?
    /// What was changed.
    package var change: ImportChange
    /// From what to what, and why, for people.
    package var detail: String

    /// Makes a line.
    package init(
        id: String,
        numberBefore: String? = nil,
        number: JobNumber? = nil,
        change: ImportChange,
        detail: String
    ) {
        self.id = id
        self.numberBefore = numberBefore
        self.number = number
        self.change = change
        self.detail = detail
    }
}
