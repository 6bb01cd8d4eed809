// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler on a real store, with a clock that is only a value.

import ReelworkCore
import ReelworkScheduling
import ReelworkStore
import ReelworkWire
import Testing

/// The real scheduler on the real store, in one thread, with a clock that is only a value: each
/// call is a commit, what is asked of a job is read from the disk, and the process dies where a
/// commit fails.
struct StoredWorld {
    let folder = StoredFolder()
    let policy: SchedulerPolicy
    private(set) var store: SQLiteJobStore
    private(set) var scheduler: Scheduler
    var now = Moment(
        boot: BootInstant(nanoseconds: 1_000_000_000_000),
        wall: Timestamp(milliseconds: 1_700_000_000_000)
    )
    private(set) var answers: [UInt32: SchedulerAnswer] = [:]
    private(set) var pushes: [SessionID: [SchedulerPush]] = [:]
    private(set) var notes: [SchedulerNote] = []
    /// A commit failed: nothing is done until ``restart()``.
    private(set) var isDead = false
    /// Moves that were settled in this life.
    private(set) var moves = 0
    /// Moves of each commit of this life that had some.
    private(set) var commits: [[MoveRow]] = []
    private var death: Death?
    private var request: UInt32 = 0
    private var sessionLast: UInt64 = 0

    /// A commit that fails: how many go before it, and whether it reaches the disk.
    private struct Death {
        var left: Int
        var isWritten: Bool
    }

    static let policy = SchedulerPolicy(retry: RetryPolicy(jitter: .none))

    init(policy: SchedulerPolicy = StoredWorld.policy) throws {
        self.policy = policy
        store = try folder.open()
        scheduler = try StoredWorld.scheduler(on: store, policy, now: now)
    }

    private static func scheduler(
        on store: SQLiteJobStore,
        _ policy: SchedulerPolicy,
        now: Moment
    ) throws -> Scheduler {
        let snapshot = try store.load()
        let jobs = try snapshot.jobs.map { job in
            let spec = try JobSpec.decode(spec: job.insert.spec)
            return Scheduler.RestoredJob(
                stored: job,
                content: Submission.Content(spec: spec, requirement: requirement(spec))
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

    static func requirement(_ spec: JobSpec) -> JobRequirement {
        JobRequirement(
            candidates: [EngineCandidate(engine: spec.engine, encoders: spec.encoders)],
            needs: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)] + spec.needs,
            require: spec.require,
            prefer: spec.prefer
        )
    }

    // MARK: - Lives

    /// The next life, on what reached the disk; the clock goes on, and the workers' connections
    /// are gone.
    ///
    /// It dies at the commit after `commits` of its own, if that is said. `change` is done to the
    /// file meanwhile.
    mutating func restart(
        failingAfter commits: Int? = nil,
        isWritten: Bool = false,
        change: (SQLiteJobStore) throws -> Void = { _ in }
    ) throws {
        store.close()
        store = try folder.open()
        try change(store)
        death = commits.map { Death(left: $0, isWritten: isWritten) }
        scheduler = try StoredWorld.scheduler(on: store, policy, now: now)
        isDead = false
        moves = 0
        self.commits = []
        settle()
    }

    func close() { store.close() }

    mutating func handle(_ input: SchedulerInput) {
        guard !isDead else { return }
        scheduler.handle(input, now: now)
        settle()
    }

    /// Handles a request and gives its answer.
    mutating func ask(_ input: (RequestTag) throws -> SchedulerInput) rethrows -> SchedulerAnswer? {
        request += 1
        let tag = RequestTag(connection: 1, request: request, method: .submitBatch)
        handle(try input(tag))
        return answers[request]
    }

    mutating func newSession() -> SessionID {
        sessionLast += 1
        return SessionID(rawValue: sessionLast)
    }

    private mutating func settle() {
        guard !isDead else { return }
        let number = scheduler.commit
        let effects = scheduler.settle(now: now)
        moves += effects.batch.moves.count
        if !effects.batch.moves.isEmpty { commits.append(effects.batch.moves) }
        notes += effects.notes
        guard effects.batch.isEmpty || commit(effects.batch) else {
            isDead = true
            return
        }
        scheduler.handle(.committed(number), now: now)
        // Nothing leaves before it is on disk.
        for output in effects.outputs {
            switch output {
            case .answer(let tag, let answer): answers[tag.request] = answer
            case .push(let session, let push): pushes[session, default: []].append(push)
            }
        }
    }

    private mutating func commit(_ batch: StoreBatch) -> Bool {
        let isDying = death?.left == 0
        death?.left -= 1
        if isDying, death?.isWritten == false { return false }
        do throws(StoreError) {
            try store.apply(batch)
        } catch {
            Issue.record("the store refused a batch: \(error)")
            return false
        }
        return !isDying
    }

    // MARK: - Time

    /// Lets time pass, stopping at each timer; a dead process lets it pass by.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while !isDead, let next = scheduler.nextTimer, next <= end.boot {
            now = now.advanced(by: max(.zero, next.since(now.boot)))
            settle()
        }
        now = now.advanced(by: max(.zero, end.boot.since(now.boot)))
        settle()
    }

    /// Lets time pass in which these workers are heard of.
    mutating func pass(_ duration: Duration, hearing sessions: [SessionID]) {
        var left = duration
        repeat {
            for session in sessions {
                handle(.credit(session, assignLimit: 0, isDraining: nil))
            }
            let step = min(left, .seconds(5))
            pass(step)
            left -= step
        } while left > .zero
        for session in sessions { handle(.credit(session, assignLimit: 0, isDraining: nil)) }
    }
}
