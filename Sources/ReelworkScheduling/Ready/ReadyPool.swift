// SPDX-License-Identifier: Apache-2.0
// Reelwork: lines whose jobs wait for the same workers

import HeapModule
import ReelworkCore

/// Lines whose jobs wait for the same workers: of one requirement and one queue, and refused by the
/// same workers.
///
/// One free worker that fits one of its jobs fits them all, so a pool is looked at as a whole, and
/// not at all where nothing about it has changed.
struct ReadyPool: Sendable {
    let requirement: RequirementIndex
    let queue: JobQueue
    /// Workers that refused these jobs, in order.
    let refused: [WorkerIndex]
    /// The places of its lines; some may be stale.
    var places = Heap<LineCandidate>()
    /// Its lines.
    var lineCount = 0
    /// Something changed since it was looked at: a job came, a worker is free, a tenant may again.
    var isAwake = false

    init(requirement: RequirementIndex, queue: JobQueue, refused: [WorkerIndex]) {
        self.requirement = requirement
        self.queue = queue
        self.refused = refused
    }
}
