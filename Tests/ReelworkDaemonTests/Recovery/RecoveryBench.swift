// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler on a real store, with a clock that is only a value.

import ReelworkCore
import ReelworkScheduling
import ReelworkStore
import ReelworkWire
import Testing

/// A scheduler on a real store in a folder, in one thread, with a clock that is only a value: each
/// call is a commit, and the process dies where a commit fails.
struct RecoveryBench {
    let folder: String
    private(set) var store: SickStore
    private(set) var scheduler: Scheduler
    private(set) var now = Moment(
        boot: BootInstant(nanoseconds: 1_000_000_000_000),
        wall: Timestamp(milliseconds: 1_700_000_000_000)
    )
    /// A commit failed: nothing is done until ``restart()``.
    private(set) var isDead = false
    /// Moves that were settled in this life.
    private(set) var moves = 0
    private var request: UInt32 = 0

    private static let policy = SchedulerPolicy(retry: RetryPolicy(jitter: .none))
    private static let requirement = JobRequirement(
        candidates: [EngineCandidate(engine: "ffmpeg", encoders: [])],
        needs: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)]
    )

    init(in folder: String) throws {
        self.folder = folder
        store = SickStore(try SQLiteJobStore(folder: folder))
        scheduler = try RecoveryBench.scheduler(on: store, now: now)
    }

    private static func scheduler(on store: SickStore, now: Moment) throws -> Scheduler {
        let snapshot = try store.load()
        let jobs = try snapshot.jobs.map { job in
            let spec = try JobSpec.decode(spec: job.insert.spec)
            return Scheduler.RestoredJob(
                stored: job,
                content: Submission.Content(spec: spec, requirement: requirement)
            )
        }
        return Scheduler(
            restoring: jobs,
            workers: snapshot.workers,
            queues: snapshot.queues,
            marks: snapshot.marks,
            nextNumber: snapshot.nextNumber,
            policy: policy,
            random: RandomSource(seed: 1, 2),
            now: now
        )
    }

    // MARK: - Lives

    /// The next life, on what reached the disk; the clock goes on.
    ///
    /// It dies at the commit after `commits` of its own, if that is said.
    mutating func restart(failingAfter commits: Int? = nil, isWritten: Bool = false) throws {
        store.close()
        store = SickStore(try SQLiteJobStore(folder: folder))
        if let commits { store.fail(afterCommits: commits, isWritten: isWritten) }
        scheduler = try RecoveryBench.scheduler(on: store, now: now)
        isDead = false
        moves = 0
        settle()
    }

    func close() { store.close() }

    mutating func handle(_ input: SchedulerInput) {
        guard !isDead else { return }
        scheduler.handle(input, now: now)
        settle()
    }

    private mutating func settle() {
        guard !isDead else { return }
        let number = scheduler.commit
        let effects = scheduler.settle(now: now)
        moves += effects.batch.moves.count
        guard !effects.batch.isEmpty else { return }
        do {
            try store.apply(effects.batch)
            scheduler.handle(.committed(number), now: now)
        } catch {
            isDead = true
        }
    }

    /// Lets time pass, stopping at each timer; a dead process lets it pass by.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while !isDead, let next = scheduler.nextTimer, next <= end.boot {
            now = now.advanced(by: max(.zero, next.since(now.boot)))
            settle()
        }
        guard !isDead else { return }
        now = now.advanced(by: max(.zero, end.boot.since(now.boot)))
        settle()
    }

    // MARK: - Who takes part

    mutating func tag() -> RequestTag {
        request += 1
        return RequestTag(connection: 1, request: request, method: .submitBatch)
    }

    mutating func submit(_ count: Int) {
        let submissions = (1...count).map { index in
            let spec = JobSpec(engine: "ffmpeg", input: "/in/\(index)", output: "/out/\(index)")
            return Submission(
                key: "key-\(index)",
                bytes: spec.encoded,
                content: .success(
                    Submission.Content(spec: spec, requirement: RecoveryBench.requirement)
                )
            )
        }
        handle(.submit(tag(), submissions, isAtomic: false, actor: "uid:1000"))
    }

    mutating func worker(_ name: String, _ session: UInt64, slots: UInt64) {
        let session = SessionID(rawValue: session)
        let registration = WorkerRegistration(
            name: name,
            incarnation: 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: slots)],
            engines: [EngineReport(name: "ffmpeg", version: "7", encoders: ["libx264"])]
        )
        handle(.register(tag(), session, registration, held: []))
        handle(.credit(session, assignLimit: slots, isDraining: nil))
    }

    mutating func report(_ session: UInt64, _ number: UInt64, _ content: ReportItem.Content) {
        let item = ReportItem(
            number: JobNumber(number),
            attempt: AttemptNumber(1),
            at: now.wall,
            content: content
        )
        let session = SessionID(rawValue: session)
        handle(.report(tag(), session, assignLimit: 0, [item], ended: [:]))
    }

    mutating func remove(_ name: String) {
        let order = WorkerOrder(name: name, action: .remove, reason: "gone", actor: "uid:0")
        handle(.setWorker(tag(), order))
    }

    // MARK: - What is on disk

    /// How every job stands, with all its moves.
    func standing() throws -> [String] {
        let page = try store.page(JobQuery(limit: 1_000, isOldestFirst: true))
        return try page.jobs.map { job in
            let machine = job.row.machine
            let history = try store.history(job.row.number, after: 0, limit: 1_000).moves
            let steps = history.map { "\($0.to.rawValue)/\($0.attempt)" }.joined(separator: " ")
            return "\(job.row.number) \(machine.state.name) retries \(machine.retryCount): \(steps)"
        }
    }

    func unsound() throws -> [String] {
        try store.check(isDeep: true).filter { !$0.isSound }.map { "\($0)" }
    }
}
