// SPDX-License-Identifier: Apache-2.0
// Reelwork: what went wrong in the predecessor's scheduler, on a real store

import ReelworkCore
import ReelworkScheduling
import ReelworkStore
import StoreTestKit
import Testing

/// Goal: the predecessor's mistakes have the opposite result here, on the real store.
///
/// Method: the real scheduler on SQLite with a clock that is a value. Lessons 8 and 18 are in
/// `RecoveryTests`.
struct StoredLessonTests {
    // Lesson 3: the wait before a retry was a sleep in the recovery loop, and six orphans at 0.5 s
    // blocked it for 3 s. All six go to retrying in one commit and come back at one time, and
    // another job is handed out meanwhile.
    @Test func sixOrphansWaitAtTheSameTimeAndHoldUpNothing() throws {
        let retry = RetryPolicy(backoffFirst: .milliseconds(500), jitter: .none)
        var world = try StoredWorld(policy: SchedulerPolicy(retry: retry))
        let session = try world.worker("w1", slots: 6)
        let jobs = try world.submit((1...6).map { "job-\($0)" }).map(\.number)
        for job in jobs { try world.start(session, job, 1) }
        let before = world.commits.count
        world.handle(.processGone(session))
        #expect(world.commits.count == before + 1)
        #expect(world.commits.last?.map(\.step.to) == Array(repeating: .retrying, count: 6))
        let other = try world.worker("w2", slots: 7)
        let seventh = try world.submit("job-7").number
        #expect(world.assigned(other) == [seventh], "nothing sleeps")
        world.pass(.milliseconds(499))
        #expect(try jobs.allSatisfy { try world.state($0) == .retrying })
        world.pass(.milliseconds(1))
        #expect(try jobs.allSatisfy { try world.state($0) == .assigned })
        #expect(Set(world.assigned(other)) == Set(jobs + [seventh]))
        #expect(try world.unsound() == [])
    }

    // Lesson 4: a timed-out job was never retried, for the decision read a stale copy of its state.
    // At its deadline, stalled, and never started: each ends in a second attempt.
    @Test(arguments: ["deadline", "stall", "assigned"], [false, true])
    func whatTimedOutRunsAgain(how: String, isRestarted: Bool) throws {
        var world = try StoredWorld()
        let session = try world.worker("w1")
        let job = try world.submit("job") { if how == "deadline" { $0.timeout = .seconds(50) } }
            .number
        if how != "assigned" { try world.start(session, job, 1, limit: .seconds(7_200)) }
        let wait: Duration =
            switch how {
            case "deadline": .seconds(50)
            case "stall": .seconds(120)
            default: .seconds(300)
            }
        world.pass(wait - .milliseconds(1), hearing: [session])
        #expect(try world.retries(job) == 0)
        world.pass(.milliseconds(1), hearing: [session])
        #expect(try world.state(job) == .retrying)
        #expect(try world.path(job).suffix(2) == [.timedOut, .retrying])
        #expect(world.revoked(session) == [job])
        try world.report(session, job, 1, .released(.revoked, error: nil))
        var again = session
        if isRestarted {
            // Another scheduler counts the wait.
            try world.restart()
            again = try world.worker("w1")
        }
        world.pass(.seconds(5), hearing: [again])
        #expect(world.assignments(again).last?.attempt == AttemptNumber(2))
        try world.complete(again, job, 2)
        #expect(try world.state(job) == .completed)
        #expect(try world.unsound() == [])
    }

    // Lesson 5: a recovered orphan ended in a legacy state that nobody selected: lost. Wherever it
    // is recovered from, it is queued, handed out and completed.
    @Test(arguments: ["process", "lease", "removed", "restart"])
    func aRecoveredOrphanIsHandedOutAgain(how: String) throws {
        var world = try StoredWorld()
        let session = try world.worker("w1")
        let job = try world.submit("job").number
        try world.start(session, job, 1)
        switch how {
        case "process": world.handle(.processGone(session))
        case "lease": world.pass(.seconds(15))
        case "removed":
            world.handle(.closed(session, isFarewell: false))
            #expect(world.set("w1", .remove) == .ok)
        default:
            try world.restart()
            world.pass(.seconds(16))
        }
        #expect(try world.state(job) == .retrying)
        let other = try world.worker("w2")
        world.pass(.seconds(5), hearing: [other])
        #expect(world.assigned(other) == [job])
        try world.complete(other, job, 2)
        #expect(try world.state(job) == .completed)
        #expect(try world.unsound() == [])
    }

    // Lesson 10: assigning to an offline worker succeeded, and a worker once marked offline never
    // came back. Nothing is handed to one that is suspect or dead, whatever credit it had; the
    // moment it registers it gets jobs, in the same life of its process or in a new one.
    @Test(arguments: ["closed", "silent", "killed"], [1, 2] as [UInt64])
    func theOfflineGetNothingAndComeBack(how: String, incarnation: UInt64) throws {
        var world = try StoredWorld()
        let session = try world.worker("w1", slots: 4)
        switch how {
        case "closed": world.handle(.closed(session, isFarewell: false))
        case "silent": world.pass(.seconds(15))
        default: world.handle(.processGone(session))
        }
        #expect(world.state(ofWorker: "w1") == (how == "closed" ? .suspect : .dead))
        let jobs = try world.submit(["a", "b"]).map(\.number)
        // What an ended session says gives it nothing.
        world.handle(.credit(session, assignLimit: 2_000_000, isDraining: nil))
        world.handle(.sweep(.scheduling))
        world.pass(.seconds(10))
        #expect(world.assigned(session) == [])
        #expect(try jobs.allSatisfy { try world.state($0) == .queued })
        let again = try world.worker("w1", slots: 4, incarnation: incarnation)
        #expect(world.state(ofWorker: "w1") == .alive)
        #expect(world.assigned(again) == jobs)
        for job in jobs { try world.complete(again, job, 1) }
        #expect(try jobs.allSatisfy { try world.state($0) == .completed })
        #expect(try world.unsound() == [])
    }

    // Lesson 16: the history lacked failures, retries and completions. One job that fails, times
    // out, is lost, is handed back and completes: every move with its cause, a row each.
    @Test func theHistoryTellsTheWholeLife() throws {
        var world = try StoredWorld()
        let first = try world.worker("w1")
        let job = try world.submit("job").number
        try world.start(first, job, 1)
        try world.fail(first, job, 1)
        world.pass(.seconds(5), hearing: [first])
        try world.start(first, job, 2, limit: .seconds(7_200))
        world.pass(.seconds(120), hearing: [first])
        try world.report(first, job, 2, .released(.revoked, error: nil))
        world.pass(.seconds(10), hearing: [first])
        world.handle(.processGone(first))
        let second = try world.worker("w2")
        world.pass(.seconds(20), hearing: [second])
        try world.report(second, job, 4, .released(.draining, error: nil))
        try world.complete(second, job, 5)
        let lines = try world.history(job).map { move in
            let failure = move.failure?.value.map { " \($0.name)" } ?? ""
            return "\(move.sequence) \(move.to.value?.name ?? "?")/\(move.attempt)"
                + " \(move.worker) \(move.actor)\(failure)"
        }
        #expect(
            lines == [
                "1 queued/0  uid:1000",
                "2 assigned/1 w1 scheduler", "3 running/1 w1 worker:w1",
                "4 retrying/1 w1 worker:w1 runtime_error", "5 queued/1 w1 scheduler",
                "6 assigned/2 w1 scheduler", "7 running/2 w1 worker:w1",
                "8 timed_out/2 w1 scheduler timeout", "9 retrying/2 w1 scheduler timeout",
                "10 queued/2 w1 scheduler", "11 assigned/3 w1 scheduler",
                "12 retrying/3 w1 scheduler platform_error", "13 queued/3 w1 scheduler",
                "14 assigned/4 w2 scheduler", "15 retrying/4 w2 worker:w2",
                "16 queued/4 w2 scheduler", "17 assigned/5 w2 scheduler",
                "18 running/5 w2 worker:w2", "19 completed/5 w2 worker:w2",
            ]
        )
        #expect(try world.history(job).allSatisfy { !$0.reason.isEmpty })
        #expect(try world.unsound() == [])
    }

    // Lesson 17: a retry wrote a NULL that made the worker's row unreadable, and the worker
    // vanished. Whatever became of its jobs, it is listed, also by the next scheduler.
    @Test func aRetryLeavesItsWorkerWhereItWas() throws {
        var world = try StoredWorld()
        let session = try world.worker("w1", slots: 4)
        let jobs = try world.submit((1...4).map { "job-\($0)" }).map(\.number)
        for job in jobs { try world.start(session, job, 1) }
        try world.fail(session, jobs[0], 1)
        _ = try world.recover(jobs[1], .requeue)
        _ = try world.cancel(jobs[2])
        world.pass(.seconds(15))
        #expect(try world.state(jobs[3]) == .retrying)
        for _ in 0..<2 {
            let row = try #require(try world.store.load().workers.first)
            #expect(row.registration.name == "w1")
            #expect(row.registration.capacity.first?.amount == 4)
            #expect(row.registration.engines.map(\.name) == ["ffmpeg"])
            #expect(world.view(of: "w1") != nil)
            try world.restart()
        }
        let again = try world.worker("w1", slots: 4)
        world.pass(.seconds(30), hearing: [again])
        #expect(world.assigned(again).count == 3)
        #expect(try world.unsound() == [])
    }

    // Lesson 20: job numbers were MAX + 1 and were given again after a delete.
    @Test func noNumberIsGivenTwice() throws {
        var world = try StoredWorld()
        let first = try world.submit(["a", "b"]).map(\.number)
        for job in first { _ = try world.cancel(job) }
        world.close()
        let raw = try RawConnection(world.folder.database)
        for table in ["move", "job_state", "job"] { try raw.run("DELETE FROM \(table)") }
        try world.restart()
        #expect(try world.store.job(.number(first[1])) == nil)
        #expect(try world.submit("c").number == JobNumber(first[1].rawValue + 1))
    }
}
