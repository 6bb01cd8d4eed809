// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker's place among the free

import ReelworkCore

/// A worker's place among the free workers for one requirement: preferred labels first, then the
/// fewest running, then the longest idle.
///
/// It is stale where the worker has changed since.
struct FreeEntry: Comparable, Sendable {
    var preferencesMissed: Int
    var running: Int
    var idleSince: BootInstant
    var worker: WorkerIndex
    var stamp: UInt64

    static func < (left: FreeEntry, right: FreeEntry) -> Bool {
        if left.preferencesMissed != right.preferencesMissed {
            return left.preferencesMissed < right.preferencesMissed
        }
        if left.running != right.running { return left.running < right.running }
        if left.idleSince != right.idleSince { return left.idleSince < right.idleSince }
        return left.worker < right.worker
    }
}
