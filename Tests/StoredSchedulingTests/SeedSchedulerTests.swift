// SPDX-License-Identifier: Apache-2.0
// Reelwork: the nine scheduler tests of the predecessor's report, by name

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: each of the predecessor's nine `TestProductionScheduler_…` tests, asserting what its name
/// says: theirs ran on a store in memory, and several asserted nothing.
///
/// Method: the real scheduler on SQLite with a clock that is a value; states and histories are read
/// from the disk, and at the end the store's own check finds nothing wrong.
struct SeedSchedulerTests {
    /// A job that runs on a worker of its own.
    private func running(_ world: inout StoredWorld) throws -> (SessionID, JobNumber) {
        let session = try world.worker("worker-1")
        let job = try world.submit("job-1").number
        try world.start(session, job, 1, limit: .seconds(7_200))
        #expect(try world.state(job) == .running)
        return (session, job)
    }

    // Seed: TestProductionScheduler_WorkerDeath. Lesson 5: a recovered orphan ended in a state from
    // which nobody took it. The worker is silent, is marked dead when its lease ends, and the job
    // goes through retrying and queued to another worker, which completes it.
    @Test func workerDeath() throws {
        var world = try StoredWorld()
        let (_, job) = try running(&world)
        world.pass(world.policy.leaseDuration - .milliseconds(1))
        #expect(world.state(ofWorker: "worker-1") == .alive)
        #expect(try world.state(job) == .running)
        world.pass(.milliseconds(1))
        #expect(world.state(ofWorker: "worker-1") == .dead)
        #expect(world.policy.leaseDuration < .seconds(20), "R3: found in less than 20 s")
        let hasNote = world.notes.contains {
            if case .workerDead("worker-1", let silent, _) = $0 {
                silent == world.policy.leaseDuration
            } else {
                false
            }
        }
        #expect(hasNote)
        #expect(try world.state(job) == .retrying)
        let other = try world.worker("worker-2")
        world.pass(.seconds(5), hearing: [other])
        #expect(world.assigned(other) == [job])
        try world.complete(other, job, 2)
        let path: [JobState] = [
            .queued, .assigned, .running, .retrying, .queued, .assigned, .running, .completed,
        ]
        #expect(try world.path(job) == path)
        #expect(try world.retries(job) == 1)
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_IdempotentAssignment. Whatever could hand the job out again to
    // the worker that has it changes nothing: one ASSIGN, one attempt, one move.
    @Test func idempotentAssignment() throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1", slots: 4)
        let job = try world.submit("job-1").number
        #expect(world.assigned(session) == [job])
        let path = try world.path(job)
        #expect(path == [.queued, .assigned])
        world.handle(.credit(session, assignLimit: 2_000_000, isDraining: nil))
        world.handle(.sweep(.scheduling))
        world.handle(.sweep(.cleanup))
        // It registers again in its session, and in a new one with what it has.
        try world.register("worker-1", slots: 4, session: session)
        let again = world.newSession()
        for _ in 0..<2 {
            let verdicts = try world.register(
                "worker-1",
                slots: 4,
                session: again,
                held: [(job, 1, .assigned)]
            )
            #expect(verdicts == [.keep] || verdicts == [])
            world.handle(.credit(again, assignLimit: 1_000_000, isDraining: nil))
        }
        world.pass(.seconds(60), hearing: [again])
        #expect(world.assigned(session) == [job] && world.assigned(again) == [])
        #expect(try world.path(job) == path)
        #expect(try world.attempt(job) == 1)
        // The law itself: no job is assigned that is assigned already.
        var machine = try #require(try world.job(job)?.row.machine)
        #expect(throws: JobRefusal.illegalMove(from: .assigned, to: .assigned)) {
            _ = try machine.handle(.assigned)
        }
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_IdempotentCompletion. Said three times, also to the next
    // scheduler, it is yes each time and one move; with an older attempt it is stale.
    @Test func idempotentCompletion() throws {
        var world = try StoredWorld()
        let (session, job) = try running(&world)
        #expect(try world.ready(session, job, 1) == .ok)
        for _ in 0..<3 { #expect(try world.finish(session, job, 1) == .ok) }
        let path: [JobState] = [.queued, .assigned, .running, .completed]
        #expect(try world.path(job) == path)
        try world.restart()
        let again = try world.worker("worker-1")
        for _ in 0..<3 { #expect(try world.finish(again, job, 1) == .ok) }
        #expect(try world.finish(again, job, 0) == .staleAttempt)
        #expect(try world.fail(again, job, 1) == .staleAttempt, "another end is not its end")
        #expect(try world.path(job) == path)
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_RetryExhaustion. A job that fails ever runs once and once more
    // for each retry, and then never again. Lesson 20: a job's own number of retries was stored and
    // never read.
    @Test(arguments: [0, 1, 2, 3] as [UInt64])
    func retryExhaustion(retriesMax: UInt64) throws {
        var world = try StoredWorld()
        var session = try world.worker("worker-1")
        let job = try world.submit("job-1") { $0.retries = retriesMax }.number
        for retry in 0..<UInt32(retriesMax) {
            try world.start(session, job, retry + 1)
            try world.fail(session, job, retry + 1)
            #expect(try world.state(job) == .retrying)
            // The limit and the count are the job's, not the process's.
            try world.restart()
            session = try world.worker("worker-1")
            world.pass(.seconds(60), hearing: [session])
            #expect(try world.attempt(job) == retry + 2)
        }
        try world.start(session, job, UInt32(retriesMax) + 1)
        try world.fail(session, job, UInt32(retriesMax) + 1)
        #expect(try world.state(job) == .failed)
        #expect(world.notes.contains(.retriesSpent(job, retriesMax: UInt16(retriesMax))))
        let runs = try world.path(job).count { $0 == .running }
        #expect(runs == Int(retriesMax) + 1)
        let moves = world.moves
        world.pass(.seconds(7_200), hearing: [session])
        #expect(world.moves == moves, "it is over")
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_PriorityOrdering, with a restart between: the rank is on disk.
    @Test(arguments: [false, true])
    func priorityOrdering(isRestarted: Bool) throws {
        var world = try StoredWorld()
        let low = try world.submit("low") { $0.priority = .low }.number
        let high = try world.submit("high") { $0.priority = .high }.number
        let medium = try world.submit("medium") { $0.priority = .medium }.number
        if isRestarted { try world.restart() }
        let session = try world.worker("worker-1")
        for job in [high, medium, low] {
            #expect(world.assigned(session).last == job)
            try world.complete(session, job, 1)
        }
        #expect(world.assigned(session) == [high, medium, low])
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_HeartbeatTimeout. Lesson 4: a timed-out job was never retried.
    // The worker lives and the encoder hangs: timed out, retrying, queued, and run once more.
    @Test func heartbeatTimeout() throws {
        var world = try StoredWorld()
        let (session, job) = try running(&world)
        // R3: no stall is looked for in the first 60 s; then 60 s without media progress are one.
        world.pass(.milliseconds(119_999), hearing: [session])
        #expect(try world.state(job) == .running)
        world.pass(.milliseconds(1), hearing: [session])
        #expect(try world.state(job) == .retrying, "found to the millisecond")
        #expect(world.revoked(session) == [job])
        try world.report(session, job, 1, .released(.revoked, error: nil))
        world.pass(.seconds(5), hearing: [session])
        let path: [JobState] = [
            .queued, .assigned, .running, .timedOut, .retrying, .queued, .assigned,
        ]
        #expect(try world.path(job) == path)
        #expect(try world.attempt(job) == 2)
        #expect(try world.job(job)?.row.failure == .timeout)
        try world.complete(session, job, 2)
        #expect(try world.state(job) == .completed)
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_NoStarvation. One slot, a flood of jobs of the highest level,
    // and one of the lowest. R6: only jobs submitted less than 40 min after it may pass it. So it
    // starts within 40 min where the slot just keeps up with the flood; where the flood is twice as
    // much, those of the 40 min come first and no others.
    @Test(.timeLimit(.minutes(3)), arguments: [1, 2])
    func noStarvation(perRound: Int) throws {
        var world = try StoredWorld()
        let session = try world.worker("worker-1")
        try world.submit(["first-1", "first-2"]) { ($0.queue, $0.priority) = (.live, .high) }
        let low = try world.submit("low") { ($0.queue, $0.priority) = (.batch, .low) }.number
        let begin = world.now.wall
        var round = 0
        while try world.state(low) == .queued, round < 300 {
            world.pass(.seconds(60), hearing: [session])
            try world.submit((0..<perRound).map { "flood-\(round)-\($0)" }) {
                ($0.queue, $0.priority) = (.live, .high)
            }
            try world.complete(session, try #require(world.assigned(session).last), 1)
            round += 1
        }
        #expect(try world.state(low) == .assigned)
        let passed = try world.assigned(session).dropLast().map {
            try #require(try world.job($0)).insert.created.since(begin)
        }
        let bound = Duration.seconds(40 * 60)
        #expect(passed.allSatisfy { $0 < bound })
        #expect(passed.contains { $0 >= bound - .seconds(60) }, "the flood is no flood")
        if perRound == 1 { #expect(world.now.wall.since(begin) <= bound + .seconds(60)) }
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_DuplicateAssignment. Two workers: the second is not handed what
    // the first has, and cannot have it by saying so.
    @Test func duplicateAssignment() throws {
        var world = try StoredWorld()
        let first = try world.worker("worker-1")
        let job = try world.submit("job-1").number
        let second = try world.worker("worker-2")
        #expect(world.assigned(first) == [job] && world.assigned(second) == [])
        #expect(try world.start(second, job, 1) == .staleAttempt)
        #expect(try world.finish(second, job, 1) == .staleAttempt)
        #expect(try world.fail(second, job, 1) == .staleAttempt)
        let session = world.newSession()
        let verdicts = try world.register(
            "worker-2",
            session: session,
            held: [(job, 1, .running)]
        )
        #expect(verdicts == [.kill])
        world.handle(.credit(session, assignLimit: 1_000_000, isDraining: nil))
        world.handle(.sweep(.scheduling))
        #expect(world.assigned(session) == [])
        #expect(try world.holder(job) == "worker-1")
        #expect(try world.path(job) == [.queued, .assigned])
        try world.complete(first, job, 1)
        #expect(try world.state(job) == .completed)
        #expect(try world.unsound() == [])
    }

    // Seed: TestProductionScheduler_SchedulerRestart. 10 jobs on 5 workers, the scheduler is gone,
    // one worker stays away: exactly its 2 jobs are recovered, 8 go on untouched, all complete.
    @Test func schedulerRestart() throws {
        var world = try StoredWorld()
        for index in 1...5 { try world.worker("worker-\(index)", slots: 2) }
        let jobs = try world.submit((1...10).map { "job-\($0)" }).map(\.number)
        for session in (1...5).map({ SessionID(rawValue: UInt64($0)) }) {
            for job in world.assigned(session) { try world.start(session, job, 1) }
        }
        #expect(try jobs.allSatisfy { try world.state($0) == .running })
        let lost = try jobs.filter { try world.holder($0) == "worker-5" }
        #expect(lost.count == 2)
        try world.restart()
        var sessions: [SessionID] = []
        for index in 1...4 {
            let name = "worker-\(index)"
            let held = try jobs.filter { try world.holder($0) == name }.map {
                ($0, UInt32(1), HeldAttempt.Phase.running)
            }
            let session = world.newSession()
            let verdicts = try world.register(name, slots: 3, session: session, held: held)
            #expect(verdicts == [.keep, .keep])
            world.handle(.credit(session, assignLimit: 1, isDraining: nil))
            sessions.append(session)
        }
        world.pass(.seconds(60), hearing: sessions)
        #expect(world.scheduler.metrics.orphansFound == 2, "exactly the two of worker-5")
        for job in jobs {
            let isLost = lost.contains(job)
            let path: [JobState] = [.queued, .assigned, .running]
            #expect(try world.path(job) == path + (isLost ? [.retrying, .queued, .assigned] : []))
            #expect(try world.retries(job) == (isLost ? 1 : 0))
        }
        for session in sessions {
            for assignment in world.assignments(session) {
                #expect(lost.contains(assignment.number))
                try world.complete(session, assignment.number, assignment.attempt.rawValue)
            }
        }
        for (index, session) in sessions.enumerated() {
            for job in jobs where !lost.contains(job) {
                guard try world.holder(job) == "worker-\(index + 1)" else { continue }
                try world.ready(session, job, 1)
                #expect(try world.finish(session, job, 1) == .ok)
            }
        }
        #expect(try jobs.allSatisfy { try world.state($0) == .completed })
        #expect(try world.unsound() == [])
    }
}
