// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a watcher is shown of a job first

import ReelworkCore

/// What a watcher is shown of a job first, as it was read from the store.
struct WatchStart: Sendable {
    /// The job.
    var number: JobNumber
    /// A snapshot, the moves that the watcher lacks, or a gap and a snapshot.
    var news: [JobNews]
    /// The last move that is in it, or that the watcher has.
    var sequence: UInt64
    /// Whether the job has ended by then.
    var isOver: Bool
}
