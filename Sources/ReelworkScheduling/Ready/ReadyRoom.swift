// SPDX-License-Identifier: Apache-2.0
// Reelwork: the pools of one requirement

import ReelworkCore

/// The pools of one requirement, and whether its free workers are known.
struct ReadyRoom: Sendable {
    /// What tells the pools of a requirement apart.
    struct Key: Hashable, Sendable {
        var queue: JobQueue
        var refused: [WorkerIndex]
    }

    /// The pools of jobs that nobody refused, by the number of their queue.
    var plain: [PoolIndex?] = Array(repeating: nil, count: JobQueue.placeCount)
    /// The others.
    var refused: [Key: PoolIndex] = [:]
    /// All of them, in the order of their making.
    var pools: [PoolIndex] = []
    /// Jobs that wait in them.
    var waiting = 0
    /// Where it stands in the list of those whose free workers are kept; nil where they are not.
    var trackedPlace: Int?
    /// Changes of workers that were noted while no job waited.
    var touchesIdle = 0
}

extension JobQueue {
    /// Places of an array in which queues stand by their number.
    static let placeCount = Int(allCases.map(\.rawValue).max() ?? 0) + 1

    /// Its place in such an array.
    var place: Int { Int(rawValue) }
}
