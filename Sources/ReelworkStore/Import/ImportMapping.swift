// SPDX-License-Identifier: Apache-2.0
// Reelwork: turns a row of the predecessor into a job of ours

package import ReelworkCore

/// Turns a row of the predecessor into a job of ours: a value without I/O, a row at a time.
///
/// What comes out keeps every rule of ``StoreBatch/changes()`` and of the tables, whatever the row
/// holds; what is changed in meaning is a line of the report.
package struct ImportMapping {
    /// Names of the file's nodes by their ids.
    package let nodes: [String: String]
    /// What specs and engines ask for.
    package let rules: ImportRules
    /// When the import runs; moves that it adds bear this time.
    package let now: Timestamp

    /// Makes a mapping.
    package init(nodes: [String: String], rules: ImportRules, now: Timestamp) {
        self.nodes = nodes
        self.rules = rules
        self.now = now
    }

    /// The id of a row, by which a second run knows it again; the row's place stands for one that
    /// is missing.
    package static func identity(of job: PredecessorJob) -> String {
        if let id = job.id, !id.isEmpty { return id }
        return "row-" + (job.row.map(String.init) ?? "none")
    }

    /// The idempotency key of a row's job.
    package static func key(of job: PredecessorJob) -> String { ImportText.key(identity(of: job)) }

    /// Turns a row into a job; `holder` tells which live job writes to an output already.
    package func job(
        _ source: PredecessorJob,
        number: JobNumber,
        id: JobID,
        holder: (String) -> JobNumber?
    ) -> ImportedJob {
        var draft = ImportDraft(source: source, number: number, mapping: self)
        draft.readKey()
        draft.readTimes()
        draft.readRetries()
        draft.readSpec()
        draft.readHistory()
        draft.rest(holder: holder)
        return draft.finished(id: id)
    }
}
