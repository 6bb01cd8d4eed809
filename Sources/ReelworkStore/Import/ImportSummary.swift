// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an import came to

/// What an import came to.
package struct ImportSummary: Hashable, Sendable {
    /// Rows of the table `jobs` that were read.
    package var read: UInt64 = 0
    /// Rows that the table holds.
    package var total: UInt64 = 0
    /// Jobs that were imported; in a dry run, that would be.
    package var imported: UInt64 = 0
    /// Jobs that an earlier import has brought.
    package var known: UInt64 = 0
    /// Imported jobs with at least one line in the report.
    package var changed: UInt64 = 0
    /// Moves that were put where histories had gaps.
    package var movesBridged: UInt64 = 0
    /// Rows that were not imported, by reason.
    package var skipped: [String: UInt64] = [:]
    /// Imported jobs that wait for a worker now.
    package var waiting: UInt64 = 0
    /// Rows of the table `nodes`.
    package var nodes: UInt64 = 0

    /// Makes an empty summary.
    package init() {}
}
