// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker of a simulated world

import ReelworkCore
import ReelworkWorker

/// A worker of a simulated world: the real machines, and what a disk keeps over its lives.
struct WorldWorker {
    /// One run: its machine and what it was handed.
    struct Run {
        var machine: AttemptMachine
        var assignment: Assignment
    }

    let index: Int
    var life: UInt64 = 0
    var isAlive = false
    var pausedUntil = BootInstant(nanoseconds: 0)
    var agent: AgentMachine
    var runs: [AttemptKey: Run] = [:]
    /// The connection; nil while there is none.
    var link: UInt64?
    /// The job that it was handed last.
    var assignedLast: JobNumber?
    var tickAt = BootInstant.distantFuture
    /// On its disk: results that are not reported, and parts that a dead life left.
    var spool: [AttemptKey: ReportItem] = [:]
    var spoolOrder: [AttemptKey] = []
    var ledger: Set<AttemptKey> = []

    var name: String { "worker-\(index)" }
}
