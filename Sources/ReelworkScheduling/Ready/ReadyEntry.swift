// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job's place in a line

import ReelworkCore

/// A job's place in a line.
///
/// It is stale where the job has moved since.
struct ReadyEntry: Comparable, Sendable {
    var rank: Rank
    var number: JobNumber
    /// The job's count of moves when it was put into the line.
    var moves: UInt32

    static func < (left: ReadyEntry, right: ReadyEntry) -> Bool {
        left.rank == right.rank ? left.number < right.number : left.rank < right.rank
    }
}
