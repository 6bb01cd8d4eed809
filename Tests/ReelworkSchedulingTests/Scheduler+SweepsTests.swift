// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the loops' turns.

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: a loop mends what events missed, says so, and is quiet where nothing is wrong.
///
/// Method: the record that a bug would leave is planted by hand.
struct SchedulerSweepsTests {
    private func found(_ sweep: SchedulerSweep, in world: inout World) -> String? {
        var fault: SweepFault?
        do throws(SweepFault) {
            try world.scheduler.run(sweep, now: world.now)
        } catch {
            fault = error
        }
        world.settle()
        return fault?.found
    }

    @Test(arguments: SchedulerSweep.allCases)
    func aSoundSchedulerHasNothingToMend(sweep: SchedulerSweep) {
        var world = World()
        let session = world.worker("w1", slots: 2)
        let job = world.job()
        world.start(session, job, 1)
        world.job { $0.encoders = ["none"] }
        _ = world.worker("w2", credit: 0)
        for _ in 0..<5 {
            world.settle(isCommitted: false)
            #expect(found(sweep, in: &world) == nil)
            world.pass(.seconds(3))
            world.heartbeat(session, seen: 1, open: [(job, 1)])
        }
        #expect(world.state(job) == .running)
    }

    @Test func schedulingHandsOutWhatAnEventForgot() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.fail(session, job, 1, .inputError)
        // Credit that nobody was told of.
        world.credit(session, 1_000, isDraining: true)
        let next = world.job()
        let index = world.scheduler.fleet.index(named: "w1")
        guard let index else { return #expect(Bool(false)) }
        world.settle(isCommitted: false)
        world.scheduler.fleet[index].isDraining = false
        world.scheduler.ready.refresh(index, world.scheduler.fleet[index], fleetCount: 1)
        #expect(world.state(next) == .queued)
        #expect(found(.scheduling, in: &world)?.contains("1 jobs could be handed out") == true)
        #expect(world.state(next) == .assigned)
        #expect(found(.scheduling, in: &world) == nil)
    }

    @Test func schedulingIsNotSurprisedByWhatIsNotSettledYet() {
        var world = World()
        _ = world.worker("w1")
        let submission = World.submission(
            JobSpec(engine: "ffmpeg", input: "/i", output: "/o"),
            key: "k"
        )
        world.scheduler.handle(
            .submit(world.tag(), [submission], isAtomic: false, actor: "uid:1"),
            now: world.now
        )
        #expect(found(.scheduling, in: &world) == nil)
        #expect(world.state(JobNumber(1)) == .assigned)
    }

    @Test func healthEndsALeaseThatNobodyLooksAt() {
        var world = World()
        _ = world.worker("w1")
        let job = world.job()
        guard let index = world.scheduler.fleet.index(named: "w1") else { return }
        world.scheduler.timers = World().scheduler.timers
        world.scheduler.fleet[index].hasLeaseTimer = false
        world.scheduler.runs[job]?.timerAt = .distantFuture
        world.pass(.seconds(20))
        #expect(world.state(job) == .assigned, "nothing looks")
        let words = found(.health, in: &world)
        #expect(words?.contains("lease of worker w1") == true)
        #expect(world.state(job) == .retrying)
    }

    @Test func healthLooksAtARunThatNobodyLooksAt() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.scheduler.runs[job]?.timerAt = .distantFuture
        #expect(found(.health, in: &world)?.contains("time of job #1") == true)
        world.heartbeatPass(session, .seconds(300))
        #expect(world.state(job) == .retrying)
    }

    @Test func cleanupTakesJobsOutOfDeadHands() {
        var world = World()
        _ = world.worker("w1")
        let job = world.job()
        guard let index = world.scheduler.fleet.index(named: "w1") else { return }
        world.scheduler.fleet[index].state = .dead
        #expect(found(.cleanup, in: &world)?.contains("job #1 was in dead hands") == true)
        #expect(world.state(job) == .retrying && world.retries(job) == 1)
        #expect(found(.cleanup, in: &world) == nil)
        #expect(world.faults == [])
    }

    // R7: the loops are the backstop only. A whole life with a failure, a lost worker and a stall,
    // and no loop ever has its turn.
    @Test func eventsAndTimersNeedNoLoop() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.fail(session, job, 1, .runtimeError)
        world.heartbeatPass(session, .seconds(5))
        #expect(world.state(job) == .assigned)
        world.start(session, job, 2)
        world.pass(.seconds(15))
        #expect(world.state(job) == .retrying)
        world.pass(.seconds(10))
        let second = world.worker("w2")
        #expect(world.assigned(second) == [job])
        world.start(second, job, 3, limit: .seconds(7_200))
        world.heartbeatPass(second, .seconds(120))
        #expect(world.state(job) == .retrying, "stalled")
        world.report(second, job, 3, .released(.revoked, error: nil))
        world.heartbeatPass(second, .seconds(20))
        world.start(second, job, 4)
        world.report(second, job, 4, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        #expect(world.state(job) == .completed)
        #expect(world.faults == [])
    }
}
