// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is to happen in a simulated world

import ReelworkCore
import ReelworkScheduling
import ReelworkWorker

/// What is to happen in a simulated world, and when.
///
/// Equal times keep their order of planning.
struct WorldEvent: Comparable {
    enum Kind {
        case submit(Int)
        case cancel(JobNumber)
        case toScheduler(worker: Int, link: UInt64, ToScheduler)
        case toWorker(worker: Int, link: UInt64, ToWorker)
        case connect(worker: Int, life: UInt64)
        case linkLost(worker: Int, link: UInt64)
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
    var order: UInt64
    var kind: Kind

    static func < (left: WorldEvent, right: WorldEvent) -> Bool {
        left.at == right.at ? left.order < right.order : left.at < right.at
    }

    static func == (left: WorldEvent, right: WorldEvent) -> Bool { left.order == right.order }
}

/// What a worker sends.
enum ToScheduler {
    case register(WorkerRegistration, [HeldAttempt])
    case heartbeat(HeartbeatNote, sentAt: BootInstant)
    case credit(UInt64, isDraining: Bool)
    case report(UInt64, [ReportItem], sentAt: BootInstant)
    case inventory(seen: UInt64, [HeldAttempt])
}

/// What a scheduler sends.
enum ToWorker {
    case registered(heartbeat: Duration, lease: Duration, [Verdict])
    case heartbeat(sentAt: BootInstant)
    case reported([ItemResult], sentAt: BootInstant)
    case assign(Assignment, index: UInt64)
    case revoke(Revocation)
    case inventory
    case close
    case refused(Duration, wasReport: Bool)
}
