// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of draining, resuming and removing workers.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: an admin takes a worker out of service and loses nothing, and no job is ever in two hands.
struct SchedulerWorkerSetTests {
    @Test func aDrainedWorkerEndsWhatItHasAndGetsNothingMore() {
        var world = World()
        let first = world.worker("w1", slots: 2)
        let job = world.job()
        world.start(first, job, 1)
        #expect(world.set("w1", .drain(within: nil)) == .init(code: .ok, detail: nil, open: 1))
        let next = world.job()
        #expect(world.state(next) == .queued && world.state(job) == .running)
        #expect(world.views().map(\.isDraining) == [true])
        world.heartbeatPass(first, .seconds(60))
        #expect(world.revoked(first).isEmpty)
        world.report(first, job, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        #expect(world.state(job) == .completed && world.state(next) == .queued)
        #expect(world.set("w1", .resume)?.code == .ok)
        #expect(world.state(next) == .assigned)
        #expect(world.model.workers["w1"]?.isDraining == false)
        #expect(world.faults == [])
    }

    @Test func whatIsLeftAtTheEndOfADrainIsHandedBackOnceItIsReleased() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        #expect(world.set("w1", .drain(within: .seconds(20)))?.open == 1)
        #expect(world.views().first?.drainUntil == world.now.wall.advanced(by: .seconds(20)))
        let second = world.worker("w2")
        world.heartbeatPass(first, second, .milliseconds(19_999))
        #expect(world.revoked(first).isEmpty)
        world.heartbeatPass(first, second, .milliseconds(1))
        #expect(world.revoked(first).map(\.1) == [.draining])
        #expect(world.notes.contains(.drainOver(name: "w1", left: 1)))
        // Until the worker has let go, nobody else has it.
        world.heartbeatPass(first, second, .seconds(10))
        #expect(world.state(job) == .running && world.assigned(second).isEmpty)
        world.report(first, job, 1, .released(.revoked, error: nil))
        #expect(world.assigned(second) == [job] && world.retries(job) == 0)
        #expect(world.faults == [])
    }

    @Test func aDrainsEndOutlivesTheScheduler() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        _ = world.set("w1", .drain(within: .seconds(20)))
        world.heartbeatPass(first, .seconds(5))
        world.restart()
        let again = world.worker("w1", held: [(job, 1, .running)])
        world.heartbeatPass(again, .milliseconds(14_999))
        #expect(world.revoked(again).isEmpty)
        world.heartbeatPass(again, .milliseconds(1))
        #expect(world.revoked(again).map(\.1) == [.draining])
        #expect(world.faults == [])
    }

    @Test func aWorkerThatIsAwayAtTheEndOfItsDrainIsToldWhenItIsBack() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        _ = world.set("w1", .drain(within: .seconds(5)))
        world.close(first)
        world.pass(.seconds(6))
        // A suspect may run on: its job waits for the lease.
        #expect(world.state(job) == .running)
        let again = world.worker("w1", held: [(job, 1, .running)])
        #expect(world.revoked(again).map(\.1) == [.draining])
        #expect(world.state(job) == .running)
        world.close(again)
        world.pass(.seconds(15))
        #expect(world.state(job) == .retrying, "the lease is over")
        #expect(world.faults == [])
    }

    @Test func aPublishingAttemptIsLetBeAtTheEndOfADrain() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.ready(session, job, 1)
        #expect(world.set("w1", .drain(within: .zero))?.open == 1)
        #expect(world.revoked(session).isEmpty)
        #expect(world.finish(session, job, 1) == .ok)
    }

    @Test func theLastWordOnADrainCounts() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        _ = world.set("w1", .drain(within: .seconds(10)))
        _ = world.set("w1", .drain(within: nil))
        world.heartbeatPass(session, .seconds(30))
        #expect(world.revoked(session).isEmpty)
        _ = world.set("w1", .drain(within: .seconds(10)))
        _ = world.set("w1", .resume)
        world.heartbeatPass(session, .seconds(30))
        #expect(world.revoked(session).isEmpty)
        #expect(world.set("w1", .resume)?.code == .ok, "resumed already")
        #expect(world.faults == [])
    }

    @Test func aWorkerThatEndsByItselfIsNotResumed() {
        var world = World()
        let session = world.worker("w1")
        world.credit(session, 0, isDraining: true)
        let answer = world.set("w1", .resume)
        #expect(answer?.code == .precondition && answer?.detail?.contains("back") == true)
        world.close(session, isFarewell: true)
        #expect(world.set("w1", .resume)?.code == .ok)
    }

    @Test func anUnknownWorkerIsNotFound() {
        var world = World()
        for action in [WorkerOrder.Action.drain(within: nil), .resume, .remove] {
            #expect(world.set("nobody", action)?.code == .notFound)
        }
    }

    @Test func aLiveWorkerWithJobsIsNotRemoved() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        let answer = world.set("w1", .remove)
        #expect(answer?.code == .precondition && answer?.open == 1)
        #expect(answer?.detail?.contains("workers drain w1") == true)
        #expect(world.start(session, job, 1) == .ok)
        #expect(world.model.workers["w1"] != nil)
    }

    // Lesson 18 (jobs of a deleted worker were invisible to recovery): they go on in the commit
    // that removes it.
    @Test func theJobsOfARemovedWorkerGoToRetryingWithIt() {
        var world = World()
        let session = world.worker("w1", slots: 2)
        let running = world.job()
        let assigned = world.job()
        world.start(session, running, 1)
        world.close(session)
        world.isTraced = true
        #expect(world.set("w1", .remove) == .init(code: .ok, detail: nil, open: 0))
        #expect(world.trace.count == 1, "one commit")
        #expect(world.state(running) == .retrying && world.state(assigned) == .retrying)
        #expect(world.retries(running) == 1)
        #expect(world.model.workers.isEmpty && world.views().isEmpty)
        #expect(world.reasons(running).last == "Worker w1 removed: test")
        // Its process lives on: who comes back is another worker, and has nothing.
        world.processGone(session)
        world.pass(.seconds(20))
        let answer = world.register(
            World.registration("w1"),
            as: world.newSession(),
            held: [(running, 1, .running)]
        )
        #expect(world.verdicts(answer) == [.kill])
        #expect(world.model.workers["w1"]?.registered == world.now.wall)
        #expect(world.views().map(\.name) == ["w1"])
        #expect(world.faults == [])
    }

    @Test func anIdleWorkerThatIsRemovedComesBackAsANewOne() {
        var world = World()
        let first = world.worker("w1")
        _ = world.set("w1", .drain(within: nil))
        #expect(world.set("w1", .remove)?.code == .ok)
        #expect(world.heartbeat(first, seen: 0).map { "\($0)" }?.contains("session") == true)
        #expect(world.set("w1", .remove)?.code == .notFound)
        let job = world.job()
        let second = world.worker("w1")
        #expect(world.assigned(second) == [job], "the drain was the removed one's")
        world.restart()
        #expect(world.state(job) == .assigned)
        #expect(world.faults == [])
    }

    @Test func aRemovalAndAReturnInOneCommitLeaveTheWorker() {
        var world = World()
        _ = world.worker("w1")
        let tag = world.tag()
        let order = WorkerOrder(name: "w1", action: .remove, reason: "", actor: "uid:0")
        world.scheduler.handle(.setWorker(tag, order), now: world.now)
        _ = world.worker("w1", incarnation: 2)
        #expect(world.model.workers["w1"]?.registration.incarnation == 2)
    }

    // Lesson 10 (one marked offline never came back, and assigning to it succeeded).
    @Test func aDeadWorkerGetsNothingAndIsOfUseAgainWhenItRegisters() {
        var world = World()
        let first = world.worker("w1")
        world.pass(.seconds(15))
        #expect(world.views().map(\.state) == [.known(.dead)])
        let job = world.job()
        #expect(world.state(job) == .queued && world.assigned(first).isEmpty)
        let again = world.worker("w1")
        #expect(world.assigned(again) == [job])
        #expect(world.faults == [])
    }
}
