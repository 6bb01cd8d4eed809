// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what workers did to jobs: refusals, deaths, failures.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: what workers did to a job is known after a restart, gives up what kills agents, and takes
/// work from whom only others can repair.
struct SchedulerMarksTests {
    // MARK: - Durable

    @Test func aRefusalOutlivesTheScheduler() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        world.fail(first, job, 1, .capabilityMismatch)
        #expect(world.model.marks.map(\.kind) == [.refused])
        world.restart()
        let again = world.worker("w1")
        #expect(world.assigned(again).isEmpty && world.state(job) == .queued)
        let second = world.worker("w2")
        #expect(world.assigned(second) == [job])
        // The end of the job is the end of its marks.
        world.start(second, job, 2)
        world.report(second, job, 2, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        #expect(world.model.marks.isEmpty)
        #expect(world.faults == [])
    }

    @Test func elsewhereFirstOutlivesTheScheduler() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        world.fail(first, job, 1, .resourceError)
        world.restart()
        _ = world.worker("w1")
        let second = world.worker("w2")
        world.pass(.seconds(5))
        #expect(world.assigned(second) == [job])
    }

    @Test func aRemovedWorkersRefusalDoesNotBindItsSuccessor() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        world.fail(first, job, 1, .capabilityMismatch)
        world.pass(.seconds(1))
        #expect(world.set("w1", .remove)?.code == .ok)
        let second = world.worker("w1", credit: 0)
        world.close(second)
        world.restart()
        let third = world.worker("w1")
        #expect(world.assigned(third) == [job])
    }

    // MARK: - Quarantine

    @Test(arguments: [true, false])
    func aJobUnderWhichThreeAgentsDiedIsGivenUp(isRestarted: Bool) {
        var world = World()
        let job = world.job { $0.retries = 10 }
        for name in ["w1", "w2", "w3"] {
            #expect(world.state(job) == .queued)
            world.killAgent(name, incarnation: 1, under: job)
            if isRestarted { world.restart() }
            world.pass(.seconds(60))
        }
        #expect(world.state(job) == .failed)
        let row = world.model.jobs[job]?.row
        #expect(row?.failure == .platformError)
        #expect(row?.error == "quarantined: 3 agents died while they had it (w1, w2, w3)")
        #expect(world.reasons(job).last?.contains("w1, w2, w3") == true)
        #expect(world.model.marks.isEmpty)
        #expect(world.faults == [])
    }

    @Test func aNewProcessUnderTheSameNameIsADeathToo() {
        var world = World()
        let job = world.job { $0.retries = 10 }
        for life in 1...3 as ClosedRange<UInt64> {
            let session = world.worker("w1", incarnation: life)
            world.start(session, job, world.attempt(job) ?? 0)
            world.close(session)
            if life < 3 { world.pass(.seconds(1)) }
            _ = world.worker("w1", incarnation: life + 1, credit: 0)
            world.close(world.newSession())
            world.pass(.seconds(100))
        }
        #expect(world.state(job) == .failed)
        #expect(world.notes.contains { if case .quarantined = $0 { true } else { false } })
        #expect(world.faults == [])
    }

    @Test func theEndOfALeaseIsNoDeath() {
        var world = World()
        let job = world.job { $0.retries = 10 }
        for name in ["w1", "w2", "w3", "w4"] {
            let session = world.worker(name)
            world.start(session, job, world.attempt(job) ?? 0)
            world.close(session)
            world.pass(.seconds(15))
            // The same process is back: the network was away, and nobody died.
            let again = world.worker(name, credit: 0)
            world.close(again)
            world.pass(.seconds(400))
        }
        #expect(world.state(job) == .queued && world.retries(job) == 4)
        #expect(world.model.marks.isEmpty)
    }

    @Test func aLeaseThatEndedIsADeathOnceTheWorkerIsBackAsANewProcess() {
        var world = World()
        let job = world.job { $0.retries = 10 }
        for name in ["w1", "w2", "w3"] {
            let session = world.worker(name)
            world.start(session, job, world.attempt(job) ?? 0)
            world.close(session)
            world.pass(.seconds(15))
            #expect(world.state(job) == .retrying)
            let again = world.worker(name, incarnation: 2, credit: 0)
            world.close(again)
            if name != "w3" { world.pass(.seconds(400)) }
        }
        #expect(world.state(job) == .failed)
        #expect(world.faults == [])
    }

    // Pitfall: an agent that died in the middle of its rename may have published.
    @Test(arguments: [true, false])
    func aFilmThatMayStandIsLookedForBeforeTheJobIsGivenUp(isFound: Bool) {
        var world = World()
        let job = world.job { $0.retries = 10 }
        for name in ["w1", "w2"] {
            world.killAgent(name, incarnation: 1, under: job)
            world.pass(.seconds(60))
        }
        let third = world.worker("w3")
        world.start(third, job, 3)
        world.ready(third, job, 3)
        world.processGone(third)
        #expect(world.state(job) == .queued, "no wait before a look")
        let last = world.worker("w4")
        #expect(world.assignments(last).map(\.isLookOnly) == [true])
        world.start(last, job, 4)
        if isFound {
            #expect(world.finish(last, job, 4, adopted: 3) == .ok)
            #expect(world.state(job) == .completed)
        } else {
            world.fail(last, job, 4, .platformError)
            #expect(world.state(job) == .failed)
            #expect(world.model.jobs[job]?.row?.error?.hasPrefix("3 agents died") == true)
        }
        #expect(world.faults == [])
    }

    @Test func zeroDeathsMeansNoQuarantine() {
        var world = World(
            policy: SchedulerPolicy(retry: RetryPolicy(jitter: .none), quarantineDeaths: 0)
        )
        let job = world.job { $0.retries = 10 }
        for name in ["w1", "w2", "w3", "w4"] {
            world.killAgent(name, incarnation: 1, under: job)
            world.pass(.seconds(100))
        }
        #expect(world.state(job) == .queued)
    }

    // MARK: - Cordon

    /// One job that `bad` fails and `good` finishes.
    private func onceMore(_ world: inout World, bad: SessionID, good: SessionID) {
        let job = world.job { $0.prefer = [Label(name: "bad", value: "1")] }
        world.start(bad, job, 1)
        world.fail(bad, job, 1, .resourceError)
        world.heartbeatPass(bad, good, .seconds(5))
        world.start(good, job, 2)
        world.report(good, job, 2, .finished(nil, ReportItem.Finish(hasNoFile: true)))
    }

    @Test func aWorkerThatFailsWhatOthersFinishIsCordonedUntilItIsResumed() {
        var world = World()
        let bad = world.worker("bad", labels: [Label(name: "bad", value: "1")])
        let good = world.worker("good")
        for count in 1...3 {
            #expect(world.views().first?.cordoned == nil, "\(count)")
            onceMore(&world, bad: bad, good: good)
        }
        let why = world.views().first?.cordoned
        #expect(why?.contains("failed 3 jobs in a row that other workers finished") == true)
        #expect(world.model.workers["bad"]?.cordon?.since == world.now.wall)
        let job = world.job { $0.prefer = [Label(name: "bad", value: "1")] }
        #expect(world.assigned(good).last == job)
        world.report(good, job, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        // Neither a new process nor a new scheduler is a reason to trust it.
        world.close(bad)
        world.restart()
        let again = world.worker("bad", incarnation: 2)
        let next = world.job()
        #expect(world.state(next) == .queued && world.views().first?.cordoned == why)
        #expect(world.set("bad", .resume)?.code == .ok)
        #expect(world.assigned(again) == [next])
        #expect(world.model.workers["bad"]?.cordon == nil)
        #expect(world.faults == [])
    }

    @Test func aSuccessOfItsOwnClearsAWorker() {
        var world = World()
        let bad = world.worker("bad", labels: [Label(name: "bad", value: "1")])
        let good = world.worker("good")
        for _ in 0..<4 {
            onceMore(&world, bad: bad, good: good)
            onceMore(&world, bad: bad, good: good)
            let own = world.job { $0.prefer = [Label(name: "bad", value: "1")] }
            world.start(bad, own, 1)
            world.report(bad, own, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
            #expect(world.state(own) == .completed)
        }
        #expect(world.views().map(\.cordoned) == [nil, nil])
    }

    @Test func whatNobodyFinishesBlamesNobody() {
        var world = World()
        let first = world.worker("w1", slots: 9)
        let second = world.worker("w2", slots: 9)
        for _ in 0..<5 {
            let job = world.job { $0.retries = 1 }
            for _ in 0..<2 {
                let holder = world.holder(job) == "w1" ? first : second
                world.start(holder, job, world.attempt(job) ?? 0)
                world.fail(holder, job, world.attempt(job) ?? 0, .resourceError)
                world.heartbeatPass(first, second, .seconds(20))
            }
            #expect(world.state(job) == .failed)
        }
        #expect(world.views().map(\.cordoned) == [nil, nil])
    }

    // MARK: - Hand-backs

    @Test func handBacksInARowWait() {
        var world = World()
        let session = world.worker("w1", credit: 100)
        let job = world.job()
        for attempt in 1...2 as ClosedRange<UInt32> {
            world.report(session, job, attempt, .released(.notStarted, error: nil))
            #expect(world.state(job) == .assigned, "at once")
        }
        for attempt in 3...5 as ClosedRange<UInt32> {
            world.report(session, job, attempt, .released(.notStarted, error: nil))
            #expect(world.state(job) == .retrying)
            world.heartbeatPass(session, .milliseconds(4_999))
            #expect(world.state(job) == .retrying)
            world.heartbeatPass(session, .milliseconds(1))
            #expect(world.state(job) == .assigned && world.retries(job) == 0)
        }
        #expect(world.faults == [])
    }
}
