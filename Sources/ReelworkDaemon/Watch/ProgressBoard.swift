// SPDX-License-Identifier: Apache-2.0
// Reelwork: how far the running jobs are

import ReelworkCore
import Synchronization

/// How far the running jobs are, as their workers last said.
///
/// Not durable; bounded by what runs.
final class ProgressBoard: Sendable {
    private let notes = Mutex<[JobNumber: JobProgress]>([:])

    /// Takes what the scheduler believed of what a worker said.
    func put(_ progress: some Sequence<JobProgress>) {
        notes.withLock { notes in
            for note in progress { notes[note.number] = note }
        }
    }

    /// What was said last of a job.
    subscript(number: JobNumber) -> JobProgress? { notes.withLock { $0[number] } }

    /// Forgets jobs that run no more.
    func remove(_ moves: [MoveRow]) {
        notes.withLock { notes in
            guard !notes.isEmpty else { return }
            for move in moves where move.step.to != .running { notes[move.number] = nil }
        }
    }
}
