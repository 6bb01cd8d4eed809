// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is to happen in a simulated world

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWorker

/// What is to happen in a simulated world, and when.
///
/// Equal times keep their order of planning.
struct WorldEvent: Comparable {
    enum Kind {
        case submit(Int)
        case cancel(JobNumber)
        /// An admin forces a job.
        case force(JobNumber)
        /// An operator pauses a queue, or lets it go on.
        case setQueue(JobQueue, isPaused: Bool)
        /// An operator puts a job before all others of its tenant.
        case bump(JobNumber)
        /// An admin decides about a worker.
        case decide(worker: Int, WorkerOrder.Action)
        case toWorker(worker: Int, link: UInt64, ToWorker)
        case connect(worker: Int, life: UInt64)
        case linkLost(worker: Int, link: UInt64)
        /// The next chunk of the pipe to this end arrives.
        case arrival(link: UInt64, SessionSide)
        case sessionTime(link: UInt64, SessionSide)
        /// This end hears that the connection is gone.
        case linkGone(link: UInt64, SessionSide)
        case processGone(link: UInt64)
        case agentTick(worker: Int, life: UInt64)
        case attempt(worker: Int, life: UInt64, AttemptKey, AttemptMachine.Event)
        case spooled(worker: Int, life: UInt64, AttemptKey)
        case schedulerTick(life: UInt64)
        case committed(life: UInt64)
        case startScheduler
        case startWorker(Int)
        case fault
        case heal
    }

    var at: BootInstant
    /// When it was first meant to be; later where its worker was stopped.
    var planned: BootInstant
    var order: UInt64
    var kind: Kind

    static func < (left: WorldEvent, right: WorldEvent) -> Bool {
        left.at == right.at ? left.order < right.order : left.at < right.at
    }

    static func == (left: WorldEvent, right: WorldEvent) -> Bool { left.order == right.order }
}
