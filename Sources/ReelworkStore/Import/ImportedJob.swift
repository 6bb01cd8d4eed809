// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job of the predecessor in our terms

package import ReelworkCore

/// A job of the predecessor in our terms: what goes into the store, and what was changed.
package struct ImportedJob: Hashable, Sendable {
    /// What never changes of it.
    package var insert: JobInsert
    /// How it stands.
    package var row: JobRow
    /// Its history.
    package var moves: [MoveRow]
    /// The end of its last log; nil where there is none.
    package var log: LogRow?
    /// What was changed in meaning.
    package var lines: [ImportLine]
    /// Moves that were put where the history had gaps.
    package var movesBridged: UInt64
    /// Where its film goes, for a job that waits; nil for one that has ended.
    package var outputLive: String?

    /// Adds it to a batch.
    package func write(into batch: inout StoreBatch) {
        batch.inserts.append(insert)
        batch.rows.append(row)
        batch.moves += moves
        if let log { batch.logs.append(log) }
    }
}
