// SPDX-License-Identifier: Apache-2.0
// Reelwork: how an import changes a row

/// How an import changes what a row means, or leaves it out.
package enum ImportChange: String, CaseIterable, Hashable, Sendable {
    /// The job has another number than before.
    case renumbered
    /// The job's key is not `import:` and its id.
    case rekeyed
    /// Legal moves were put where the history had a gap.
    case bridged
    /// A step of the history was left out: the table of moves has no place for it.
    case stepDropped = "step_dropped"
    /// The state's name means nothing.
    case stateUnknown = "state_unknown"
    /// A worker held it without a lease: it waits again.
    case requeued
    /// It rested in timed out, which is left at once.
    case timedOut = "timed_out"
    /// It waited and can never run.
    case rejected
    /// A word that means nothing was replaced by the default.
    case wordReplaced = "word_replaced"
    /// A number was brought into its range.
    case numberChanged = "number_changed"
    /// A time was replaced by the nearest that is known.
    case timeReplaced = "time_replaced"
    /// A JSON text that cannot be read was left out.
    case jsonUnreadable = "json_unreadable"
    /// A text was too long and was cut or left out.
    case textCut = "text_cut"
    /// Where the film came from or went is not known.
    case placeUnknown = "place_unknown"
    /// The node that held it is not in the file.
    case nodeUnknown = "node_unknown"
    /// The error of an earlier run was left out of a job that completed.
    case errorDropped = "error_dropped"
    /// The row was not imported.
    case skipped
    /// A node, none of which becomes a worker.
    case nodeLeft = "node_left"
}
