// SPDX-License-Identifier: Apache-2.0
// Reelwork: what of a watch's beginning is yet to be sent

import ReelworkCore
import ReelworkScheduling
import ReelworkWire

/// What of a watch's beginning is yet to be read and sent.
struct WatchOpening: Sendable {
    let tag: RequestTag
    /// Only jobs of this queue; nil = of every queue.
    let queue: JobQueue?
    /// The last move of each job that the watcher has.
    let known: [JobNumber: UInt64]
    private let jobs: [JobNumber]
    private var done = 0
    /// Room for parameters and missing moves.
    var bytesLeft = Limits.watchOpeningBytesMax
    /// That room is used up: the rest of the jobs are shown short.
    var isFull = false

    init(_ tag: RequestTag, _ jobs: [JobNumber], _ request: Watch.Request) {
        self.tag = tag
        self.jobs = jobs
        queue = request.queue
        var known: [JobNumber: UInt64] = [:]
        for moves in request.known { known[moves.number] = moves.sequence }
        self.known = known
    }

    /// Nothing is left.
    var isWhole: Bool { done == jobs.count }

    /// Takes out the next job; there must be one.
    mutating func next() -> JobNumber {
        defer { done += 1 }
        return jobs[done]
    }
}
