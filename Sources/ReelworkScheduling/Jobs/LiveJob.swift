// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job that is not over

import ReelworkCore

/// A job that is not over, as scheduling needs it.
///
/// Parameters and history stay in the store.
struct LiveJob: Sendable {
    let number: JobNumber
    let id: JobID
    var machine: JobMachine
    var rank: Rank
    let queue: JobQueue
    /// The place of its line, −1 where it is in none; here it costs no memory.
    var linePlace: Int32 = -1
    /// When it was accepted, on the clock that no one can set.
    let accepted: BootInstant
    /// Where its requirement is interned.
    let requirement: RequirementIndex
    /// Whose line it waits in.
    let tenant: TenantIndex
    /// Its output is a stream: whoever loses the lease must stop at once.
    let isStream: Bool
    /// A digest of its output path: two live jobs must not write one file.
    let output: OutputDigest
    /// It is not handed out before; nil where it may be now.
    var notBefore: Timestamp?
    var started: Timestamp?
    var deadline: Timestamp?
    /// The worker that holds or held it last.
    var worker: WorkerIndex?
    /// The engine that was chosen; empty before the first assignment.
    var engine: String = ""
    var failure: FailureClass?
    /// The submitter's own limit for a run.
    var timeout: Duration?

    /// The line that it waits in; nil where it is not to be handed out now.
    var line: LineIndex? {
        get { linePlace < 0 ? nil : LineIndex(value: linePlace) }
        set { linePlace = newValue?.value ?? -1 }
    }

    /// What stands for it in its line.
    var entry: ReadyEntry { ReadyEntry(rank: rank, number: number, moves: machine.moves) }
}
