// SPDX-License-Identifier: Apache-2.0
// Reelwork: the tables of the predecessor's report, row by row

import ReelworkCore
import ReelworkDaemon
import ReelworkScheduling
import ReelworkStore
import ReelworkTestKit
import StoreTestKit
import Testing

/// Goal: the predecessor's tables of idempotency, fault tolerance, priority and retries hold.
///
/// Method: the real scheduler on SQLite with a clock that is a value. The same operations over
/// sockets are in `RepeatedRequestTests`, the same faults with processes in `IntegrationTests`.
struct SeedTableTests {
    // MARK: - Idempotency

    /// A row of the table, and the two that R2 adds.
    enum Operation: CaseIterable {
        case assignJobToWorker
        case completeJob
        case failJob
        case transitionJobState
        case updateJobHeartbeat
        case submit
        case registerWorker
    }

    /// Does an operation once; whether it was taken.
    private func perform(
        _ operation: Operation,
        _ world: inout StoredWorld,
        _ session: SessionID,
        _ job: JobNumber
    ) throws -> Bool {
        switch operation {
        case .assignJobToWorker:
            // Whoever has it says so, and keeps it.
            let verdicts = try world.register(
                "worker-1",
                session: world.newSession(),
                held: [(job, 1, .running)]
            )
            return verdicts == [.keep]
        case .completeJob: return try world.finish(session, job, 1) == .ok
        case .failJob: return try world.fail(session, job, 1) == .ok
        case .transitionJobState: return try world.cancel(job)?.code == .known(.ok)
        case .updateJobHeartbeat:
            var digest = OpenSetDigest()
            digest.toggle(job, AttemptNumber(1))
            let note = HeartbeatNote(assignedSeen: 1, open: 1, digest: digest)
            let answer = world.ask { .heartbeat($0, session, note) }
            if case .heartbeat? = answer { return true }
            return false
        case .submit:
            let again = try world.submit("job-1")
            return again.number == job && again.code == .known(.okExists)
        case .registerWorker:
            try world.register("worker-1", slots: 9, session: session)
            return world.view(of: "worker-1")?.capacity.first?.amount == 9
        }
    }

    // Seed: the table of idempotency: first, second and third call, and a fourth after a restart.
    @Test(arguments: Operation.allCases) func theSecondCallChangesNothing(
        operation: Operation
    ) throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1")
        let job = try world.submit("job-1").number
        try world.start(session, job, 1)
        if operation == .completeJob { try world.ready(session, job, 1) }
        #expect(try perform(operation, &world, session, job))
        let standing = try world.standing()
        for _ in 2...3 {
            #expect(try perform(operation, &world, session, job))
            #expect(try world.standing() == standing)
        }
        try world.restart()
        let phase: HeldAttempt.Phase =
            switch operation {
            case .failJob: .failed
            case .completeJob: .published
            case .assignJobToWorker, .transitionJobState, .updateJobHeartbeat, .submit,
                .registerWorker:
                .running
            }
        let again = try world.worker("worker-1", held: [(job, 1, phase)])
        #expect(try perform(operation, &world, again, job))
        #expect(try world.standing() == standing)
        #expect(try world.unsound() == [])
    }

    // MARK: - Fault tolerance

    // Seed: "Worker dies: job → RETRYING". The kernel says so, and no lease is waited for.
    @Test func aWorkerThatDiesLosesItsJobAtOnce() throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1")
        let job = try world.submit("job-1").number
        try world.start(session, job, 1)
        world.handle(.processGone(session))
        #expect(try world.state(job) == .retrying)
        #expect(world.state(ofWorker: "worker-1") == .dead)
        #expect(try world.unsound() == [])
    }

    // Seed: "Worker stops heartbeat: worker → offline", in less than 2 min there, 20 s here.
    @Test(arguments: [false, true])
    func aWorkerThatIsSilentIsOfflineWithinTwentySeconds(isClosed: Bool) throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1")
        world.pass(.seconds(60), hearing: [session])
        if isClosed { world.handle(.closed(session, isFarewell: false)) }
        world.pass(.milliseconds(14_999))
        #expect(world.state(ofWorker: "worker-1") == (isClosed ? .suspect : .alive))
        world.pass(.milliseconds(1))
        #expect(world.state(ofWorker: "worker-1") == .dead)
    }

    // Seed: "Job times out: job → TIMED_OUT", in less than 5 s there, 1 s here.
    @Test func aJobPastItsDeadlineIsTimedOutWithinASecond() throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1")
        let job = try world.submit("job-1") { $0.timeout = .seconds(90) }.number
        try world.start(session, job, 1)
        let end = world.now.wall.advanced(by: .seconds(90))
        world.pass(.seconds(89), hearing: [session])
        #expect(try world.state(job) == .running)
        world.pass(.seconds(2), hearing: [session])
        let moves = try world.history(job)
        let timedOut = try #require(moves.first { $0.to == .known(.timedOut) })
        #expect(timedOut.at.since(end) >= .zero && timedOut.at.since(end) < .seconds(1))
        #expect(moves.last?.to == .known(.retrying))
    }

    // Seed: "Scheduler crashes: on restart orphans recovered". What the known worker has waits for
    // it; what nobody is known to have is recovered with the first commit.
    @Test func afterACrashOrphansAreRecoveredAtTheStart() throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1")
        let kept = try world.submit("job-1").number
        try world.start(session, kept, 1)
        let other = try world.worker("worker-2")
        let lost = try world.submit("job-2").number
        try world.start(other, lost, 1)
        try world.restart { store in
            var gone = StoreBatch()
            gone.workersRemoved = ["worker-2"]
            try store.apply(gone)
        }
        #expect(try world.state(lost) == .retrying && world.commits.count == 1)
        #expect(try world.state(kept) == .running)
        #expect(world.scheduler.metrics.orphansFound == 1)
        #expect(try world.unsound() == [])
    }

    // Seed: "Database lock timeout: 10 seconds: retry transaction". Another process holds the lock:
    // it is waited for, changes are refused from then on, and the same batch is tried until it is
    // on disk; nothing leaves before.
    @Test func aLockedDatabaseIsWaitedForAndTheTransactionTriedAgain() throws {
        #expect(SQLiteStoreConfiguration().lockWait == .seconds(10))
        let wait = Duration.milliseconds(200)
        let folder = StoredFolder()
        let store = try folder.open { $0.lockWait = wait }
        defer { store.close() }
        let other = try RawConnection(folder.database)
        try other.run("BEGIN IMMEDIATE")
        var machine = CommitMachine()
        var effects = SchedulerEffects()
        var life = JobLife(1)
        life.submit(into: &effects.batch)
        var now = BootInstant(nanoseconds: 0)
        guard case .write(let batch)? = machine.handle(.effects(1, effects), now: now).first else {
            Issue.record("nothing is written")
            return
        }
        let begin = ContinuousClock.now
        let error = #expect(throws: StoreError.self) { try store.apply(batch) }
        #expect(ContinuousClock.now - begin >= wait)
        guard let error, case .locked = error else {
            Issue.record("not the lock: \(String(describing: error))")
            return
        }
        guard case .beginReadOnly? = machine.handle(.failed(error), now: now).first else {
            Issue.record("nobody is told")
            return
        }
        try other.run("ROLLBACK")
        #expect(machine.handle(.tick, now: now).isEmpty)
        now = machine.nextTick
        guard case .write(let again)? = machine.handle(.tick, now: now).first else {
            Issue.record("it is not tried again")
            return
        }
        #expect(again.moves == batch.moves)
        try store.apply(again)
        let left = machine.handle(.written, now: now)
        guard left.count == 2, case .endReadOnly = left[0], case .release(1, _) = left[1] else {
            Issue.record("\(left)")
            return
        }
        #expect(try store.counts() == [.queued: 1])
    }

    // MARK: - Priority

    // Seed: the three orders of its table, literally.
    @Test func highThenMediumThenLow() throws {
        var world = try StoredWorld()
        let levels: [(String, JobPriority)] = [
            ("low-1", .low), ("high-1", .high), ("medium-1", .medium),
        ]
        for (name, priority) in levels { try world.submit(name) { $0.priority = priority } }
        #expect(try order(&world) == ["high-1", "medium-1", "low-1"])
    }

    @Test func priorityIsMoreThanAge() throws {
        var world = try StoredWorld()
        try world.submit("low-old") { $0.priority = .low }
        // Two levels are worth ten minutes: just less than that.
        world.pass(.milliseconds(599_999))
        try world.submit("high-new") { $0.priority = .high }
        #expect(try order(&world) == ["high-new", "low-old"])
    }

    @Test func ofOneLevelTheOldComesFirst() throws {
        var world = try StoredWorld()
        try world.submit("medium-1h-ago") { $0.priority = .medium }
        world.pass(.seconds(3_600))
        try world.submit("medium-now") { $0.priority = .medium }
        #expect(try order(&world) == ["medium-1h-ago", "medium-now"])
    }

    /// The keys of all that waits in the order in which a worker with one slot gets it.
    private func order(_ world: inout StoredWorld) throws -> [String] {
        let session = try world.worker("worker-1")
        var names: [String] = []
        while let job = world.assigned(session).dropFirst(names.count).first {
            names.append(try #require(try world.job(job)).insert.key)
            try world.complete(session, job, 1)
        }
        return names
    }

    // MARK: - Retries

    // Seed: TestShouldRetry, its five cases: a failure below the limit and a lost worker are
    // retried; a job at its limit, a canceled one and an error marked as not to be retried never.
    @Test func whatIsRetriedAndWhatIsNot() throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1", slots: 5)
        let jobs = try world.submit(["below", "at-limit", "canceled", "final", "lost"]) {
            if $0.output.hasSuffix("at-limit") { $0.retries = 0 }
        }.map(\.number)
        for job in jobs { try world.start(session, job, 1) }
        try world.fail(session, jobs[0], 1)
        try world.fail(session, jobs[1], 1)
        _ = try world.cancel(jobs[2])
        let failure = ReportItem.Failure(.runtimeError, error: "it never will", isFinal: true)
        for _ in 0..<2 {
            #expect(try world.report(session, jobs[3], 1, .failed(failure)) == .ok)
        }
        world.handle(.processGone(session))
        let expected: [JobState] = [.retrying, .failed, .canceled, .failed, .retrying]
        #expect(try jobs.map { try world.state($0) } == expected)
        let final = try #require(try world.job(jobs[3])?.row)
        #expect(final.machine.retryCount == 0 && final.failure == .runtimeError)
        #expect(try world.history(jobs[3]).last?.reason.contains("not to be retried") == true)
        #expect(!world.notes.contains(.retriesSpent(jobs[3], retriesMax: 3)))
        let other = try world.worker("worker-2", slots: 5)
        world.pass(.seconds(3_600), hearing: [other])
        #expect(Set(world.assigned(other)) == [jobs[0], jobs[4]])
        #expect(try world.unsound() == [])
    }

    // Seed: the waits of its table, 5, 10 and 20 s, after 5, 15 and 35 s in all; then failed. None
    // is a millisecond early or late, and the clock of the history says the same.
    @Test func retriesComeAfterFiveFifteenAndThirtyFiveSeconds() throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1")
        let job = try world.submit("job-1").number
        let begin = world.now.wall
        for (retry, wait) in [5, 10, 20].enumerated() {
            try world.fail(session, job, UInt32(retry) + 1)
            world.pass(.milliseconds(wait * 1_000 - 1), hearing: [session])
            #expect(try world.state(job) == .retrying)
            world.pass(.milliseconds(1), hearing: [session])
            #expect(try world.state(job) == .assigned)
        }
        let times = try world.history(job).filter { $0.to == .known(.assigned) }.map {
            $0.at.since(begin)
        }
        #expect(times == [.zero, .seconds(5), .seconds(15), .seconds(35)])
        try world.fail(session, job, 4)
        #expect(try world.state(job) == .failed, "job exhausted retries")
        #expect(try world.retries(job) == 3)
        #expect(try world.unsound() == [])
    }
}
