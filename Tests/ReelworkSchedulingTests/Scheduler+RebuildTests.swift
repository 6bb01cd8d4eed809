// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of starting from the store.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: R4 and R8: nothing lost, nothing twice, and live workers' jobs go on untouched.
struct SchedulerRebuildTests {
    @Test func aRestartInTheMiddleOfEverything() {
        var world = World()
        let session = world.worker("w1", slots: 4)
        let assigned = world.job()
        let running = world.job()
        let granted = world.job()
        let retrying = world.job()
        world.start(session, running, 1)
        world.start(session, granted, 1)
        world.ready(session, granted, 1)
        world.fail(session, retrying, 1, .runtimeError)
        let queued = world.job { $0.encoders = ["none"] }
        let later = world.job { $0.notBefore = World.start.wall.advanced(by: .seconds(600)) }
        world.pass(.seconds(1))
        world.restart()
        #expect(world.scheduler.liveCount == 6)
        #expect(world.scheduler.metrics.count(.running) == 2)
        #expect(world.cancel(granted)?.code == .known(.publishing))
        world.pass(.seconds(3))
        #expect(world.state(running) == .running)
        let again = world.worker(
            "w1",
            slots: 40,
            held: [(assigned, 1, .assigned), (running, 1, .running), (granted, 1, .granted)]
        )
        #expect(world.retries(assigned) == 0 && world.attempt(assigned) == 1)
        #expect(world.start(again, assigned, 1) == .ok)
        #expect(world.ready(again, running, 1) == .ok)
        #expect(world.finish(again, running, 1) == .ok)
        #expect(world.ready(again, granted, 1) == .ok, "asked again after a lost answer")
        #expect(world.finish(again, granted, 1) == .ok)
        world.heartbeatPass(again, .milliseconds(1_000))
        #expect(world.state(retrying) == .assigned, "the rest of its wait was kept")
        #expect(world.state(queued) == .queued)
        #expect(world.state(later) == .queued)
        world.heartbeatPass(again, .seconds(600))
        #expect(world.attempt(later) == 1)
        #expect(world.faults == [])
    }

    @Test func whoDoesNotComeBackWithinTheGraceIsDead() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.restart()
        world.pass(.milliseconds(14_999))
        #expect(world.state(job) == .running)
        world.pass(.milliseconds(10))
        #expect(world.state(job) == .retrying)
        #expect(world.retries(job) == 1)
        #expect(world.faults == [])
    }

    @Test func whatAnUnknownWorkerHoldsIsAnOrphanAtOnce() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.model.workers = [:]
        world.restart()
        #expect(world.state(job) == .retrying)
        world.restart()
        #expect(world.state(job) == .retrying, "again changes nothing more")
        #expect(world.retries(job) == 1)
        #expect(world.faults == [])
    }

    // Lesson 23: so also over a restart of the scheduler.
    @Test func aLostAssignmentIsFoundAfterARestart() {
        var world = World()
        _ = world.worker("w1")
        let job = world.job()
        world.restart()
        let again = world.worker("w1")
        #expect(world.assigned(again) == [job])
        #expect(world.attempt(job) == 2 && world.retries(job) == 0)
        #expect(world.faults == [])
    }

    @Test(arguments: [Int64(-315_360_000), 315_360_000])
    func aClockThatJumpedTenYearsHangsNothing(seconds: Int64) {
        var world = World()
        let session = world.worker("w1", slots: 3)
        let retrying = world.job()
        world.fail(session, retrying, 1, .runtimeError)
        let running = world.job()
        world.start(session, running, 1, limit: .seconds(600))
        world.now.wall = world.now.wall.advanced(by: .seconds(seconds))
        world.restart()
        let again = world.worker("w1", slots: 3, held: [(running, 1, .running)])
        #expect(world.state(running) == .running)
        world.progress(again, running, 1, media: .seconds(1))
        world.heartbeatPass(again, .seconds(300))
        #expect(world.attempt(retrying).map { $0 >= 2 } == true)
        #expect(world.attempt(running).map { $0 >= 2 } == true, "it stalled")
        #expect(world.faults == [])
    }

    @Test func aHardLimitIsNotStretchedByRestarts() {
        var world = World()
        var session = world.worker("w1")
        let job = world.job { $0.timeout = .seconds(60) }
        world.start(session, job, 1)
        var media = 0
        for _ in 0..<12 {
            world.heartbeatPass(session, .seconds(5))
            guard world.state(job) == .running else { break }
            world.restart()
            session = world.worker("w1", held: [(job, 1, .running)])
            media += 1
            world.progress(session, job, 1, media: .seconds(media))
        }
        world.heartbeatPass(session, .seconds(16))
        #expect(world.model.jobs[job]?.moves.contains { $0.step.to == .timedOut } == true)
        #expect(world.faults == [])
    }
}
