// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker's place in the fleet

/// A worker's place in the fleet; kept for the scheduler's life, so that jobs can name it cheaply.
struct WorkerIndex: Hashable, Comparable, Sendable {
    var value: Int32

    static func < (left: WorkerIndex, right: WorkerIndex) -> Bool { left.value < right.value }
}
