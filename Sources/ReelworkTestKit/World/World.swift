// SPDX-License-Identifier: Apache-2.0
// Reelwork: the simulated world

import HeapModule
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire
import ReelworkWorker

/// The simulated world: the real machines in one thread, with a virtual clock, a seeded network, a
/// store in memory and one folder of files.
///
/// A phase of faults comes first; then everything is healed, and every job must come to its end.
/// Nothing here knows the real time and nothing iterates a dictionary, so a seed repeats a run.
package struct World: ~Copyable {
    let options: WorldOptions
    var random: RandomSource
    var now = Moment(
        boot: BootInstant(nanoseconds: 1_000_000_000),
        wall: Timestamp(milliseconds: 1_767_225_600_000)
    )
    var queue = Heap<WorldEvent>()
    var orderLast: UInt64 = 0
    var steps = 0

    let store = MemoryJobStore()
    var scheduler: Scheduler
    var schedulerLife: UInt64 = 1
    var isSchedulerUp = true
    /// What reaches the scheduler while it works.
    var inbox: [SchedulerInput] = []
    var isInTurn = false
    var commit = CommitMachine()
    var committing: SchedulerEffects?
    var schedulerTickAt = BootInstant.distantFuture
    var sweepAt = BootInstant(nanoseconds: 0)

    var workers: [WorldWorker] = []
    var linkLast: UInt64 = 0
    /// The connections that are open at one end at least, in order of their making.
    var links: [WorldLink] = []
    var wire = WorldWire()
    var files = WorldFiles()
    var specs: [JobNumber: JobSpec] = [:]
    /// Submissions that were answered, and which job each is.
    var accepted: [Int: JobNumber] = [:]
    /// Submissions that are made again although they were answered.
    var repeated: Set<Int> = []
    /// What each job's moves came to on disk.
    var lives: [JobNumber: WorldLife] = [:]
    var handOuts: Set<WorldHandOut> = []
    /// Whose jobs they are, and how many of each tenant's are in workers' hands on disk.
    var owners: [JobNumber: String] = [:]
    var held: [String: Int] = [:]
    /// How long each job in retrying waits, as it is on disk.
    var waits: [JobNumber: WorldWait] = [:]
    /// Queues that are paused on disk.
    var queuesPaused: Set<JobQueue> = []
    /// Of each report that waits for its answer: which items were stale on disk when it came.
    var reports: [RequestTag: [Bool]] = [:]
    var sights: [WorldSight: Int] = [:]
    var violations: [String] = []
    var faults: [String: Int] = [:]
    var isHealed = false

    /// Makes a world that has not begun.
    package init(_ options: WorldOptions) {
        self.options = options
        random = RandomSource(seed: options.seed, 0x5EED)
        scheduler = Scheduler(
            policy: options.policyTold,
            random: RandomSource(seed: options.seed, 0xC0DE)
        )
        for index in 0..<options.workers {
            workers.append(
                WorldWorker(index: index, agent: AgentMachine(slots: 1, incarnation: 0))
            )
        }
    }

    /// Runs it to its end.
    package mutating func run() -> WorldReport {
        let begin = now
        for index in workers.indices { plan(.startWorker(index), after: duration(0...1000)) }
        for job in 0..<options.jobs { plan(.submit(job), after: duration(0...30_000)) }
        if options.faultInterval != nil { plan(.fault, after: .seconds(1)) }
        plan(.heal, after: options.faultTime)
        plan(.schedulerTick(life: schedulerLife), after: .zero)
        let limit = begin.boot.advanced(by: options.faultTime + settleMax)
        while let event = queue.popMin(), event.at <= limit {
            // Counted from the beginning: a wall clock of milliseconds would lose what is less.
            let boot = max(event.at, now.boot)
            now = Moment(boot: boot, wall: begin.wall.advanced(by: boot.since(begin.boot)))
            steps += 1
            guard steps < World.stepsMax else {
                violation("I7: the world spins: \(event.kind)")
                break
            }
            handle(event)
            if isHealed, isOver { break }
        }
        return report(begin)
    }

    /// More steps than any world of the tests takes: beyond, something spins.
    private static let stepsMax = 2_000_000

    /// What liveness allows after the faults: 2 leases, the longest backoff and the work, for as
    /// many rounds as a job may need.
    private var settleMax: Duration { .seconds(3600) }

    var isOver: Bool {
        isSchedulerUp && specs.count == options.jobs && scheduler.liveCount == 0
            && commit.isIdle && workers.allSatisfy { $0.runs.isEmpty && $0.spool.isEmpty }
    }

    // MARK: - Chance

    mutating func chance(_ permille: UInt64) -> Bool { random.next() % 1000 < permille }

    /// A span of milliseconds.
    mutating func duration(_ range: ClosedRange<Int64>) -> Duration {
        let width = UInt64(range.upperBound - range.lowerBound + 1)
        return .microseconds(
            range.lowerBound * 1000 + Int64(random.next() % (width * 1000))
        )
    }

    mutating func plan(_ kind: WorldEvent.Kind, after wait: Duration) {
        plan(kind, at: now.boot.advanced(by: wait))
    }

    mutating func plan(_ kind: WorldEvent.Kind, at time: BootInstant) {
        orderLast += 1
        let at = max(time, now.boot)
        queue.insert(WorldEvent(at: at, planned: at, order: orderLast, kind: kind))
    }

    mutating func violation(_ text: String) {
        guard violations.count < 20 else { return }
        violations.append(
            "\(now.boot.since(BootInstant(nanoseconds: 1_000_000_000)).words): \(text)"
        )
    }

    // MARK: - Events

    private mutating func handle(_ event: WorldEvent) {
        switch event.kind {
        case .submit(let job): submit(job)
        case .cancel(let number): cancel(number)
        case .force(let number): force(number)
        case .setQueue(let queue, let isPaused): setQueue(queue, isPaused)
        case .bump(let number): bump(number)
        case .decide(let worker, let action): decide(worker, action)
        case .toWorker(let worker, let link, let message):
            deliver(message, to: worker, link, event)
        case .connect(let worker, let life): connect(worker, life)
        case .linkLost(let worker, let link): linkLost(worker, link)
        case .arrival(let link, let side): arrive(link, side, event)
        case .sessionTime(let link, let side): sessionTime(link, side, event)
        case .linkGone(let link, let side): linkGone(link, side, event)
        case .processGone(let link):
            input(.processGone(SessionID(rawValue: link)))
        case .agentTick(let worker, let life):
            guard ready(worker, life, event) else { break }
            workers[worker].tickAt = .distantFuture
            agent(worker, .tick)
        case .attempt(let worker, let life, let key, let attemptEvent):
            guard ready(worker, life, event) else { break }
            attempt(worker, key, attemptEvent)
        case .spooled(let worker, let life, let key):
            guard ready(worker, life, event) else { break }
            agent(worker, .spooled(key))
        case .schedulerTick(let life):
            guard life == schedulerLife, isSchedulerUp else { break }
            schedulerTickAt = .distantFuture
            turn()
        case .committed(let life):
            guard life == schedulerLife, isSchedulerUp else { break }
            committed()
        case .startScheduler: startScheduler()
        case .startWorker(let worker): startWorker(worker)
        case .fault: fault()
        case .heal: heal()
        }
    }

    /// Whether a worker's event may happen now: it lives, and is not stopped; a stopped one gets it
    /// when it goes on.
    mutating func ready(_ worker: Int, _ life: UInt64, _ event: WorldEvent) -> Bool {
        guard workers[worker].isAlive, workers[worker].life == life else { return false }
        guard workers[worker].pausedUntil <= now.boot else {
            queue.insert(
                WorldEvent(
                    at: workers[worker].pausedUntil,
                    planned: event.planned,
                    order: event.order,
                    kind: event.kind
                )
            )
            return false
        }
        return true
    }
}
