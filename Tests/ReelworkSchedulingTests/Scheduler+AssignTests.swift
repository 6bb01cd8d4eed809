// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of who gets what.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: R6's order, credit (I10), capabilities and preferences.
struct SchedulerAssignTests {
    // Lesson 2: priority and queue were computed and dropped; jobs came out by their age alone.
    @Test(arguments: [
        [(JobQueue.standard, JobPriority.low), (.standard, .high), (.standard, .medium)],
        [(.batch, .medium), (.live, .medium), (.standard, .medium)],
        [(.batch, .high), (.live, .low), (.standard, .high)],
    ])
    func theHigherLevelComesFirst(levels: [(JobQueue, JobPriority)]) {
        // In each row the second is first, the third second, the first last.
        var world = World()
        let jobs = levels.map { level in
            world.job { (spec: inout JobSpec) in (spec.queue, spec.priority) = level }
        }
        let session = world.worker("w1", slots: 3)
        #expect(world.assigned(session) == [jobs[1], jobs[2], jobs[0]])
        #expect(world.faults == [])
    }

    // Lesson 2: and aging was, too.
    @Test func ageOutranksALevelAfterFiveMinutes() {
        var world = World()
        let old = world.job { $0.priority = .low }
        world.pass(.milliseconds(300_001))
        let new = world.job { $0.priority = .medium }
        world.pass(.seconds(1))
        let high = world.job { $0.priority = .high }
        let session = world.worker("w1", slots: 3)
        #expect(world.assigned(session) == [high, old, new])
    }

    // Lesson 6: a GPU job at the head of the queue left every CPU worker idle.
    @Test func aJobThatNoOneCanRunDelaysNoOther() {
        var world = World()
        let gpu = world.job {
            $0.priority = .high
            $0.encoders = ["h264_nvenc"]
        }
        let cpu = world.job()
        let session = world.worker("w1")
        #expect(world.assigned(session) == [cpu])
        #expect(world.state(gpu) == .queued)
    }

    @Test func creditIsAbsoluteAndNeverExceeded() {
        var world = World()
        for _ in 0..<10 { world.job() }
        let session = world.worker("w1", slots: 8, credit: 2)
        #expect(world.assigned(session).count == 2)
        world.credit(session, 1)
        #expect(world.assigned(session).count == 2)
        world.credit(session, 3)
        #expect(world.assigned(session).count == 3)
        world.finishAll(session)
        #expect(world.assigned(session).count == 3)
        world.credit(session, 100)
        #expect(world.assigned(session).count == 10)
        #expect(world.faults == [])
    }

    // Lesson 11: a worker got one job whatever its slots.
    @Test func slotsBoundWhatCreditAllows() {
        var world = World()
        for _ in 0..<10 { world.job() }
        let session = world.worker("w1", slots: 3)
        #expect(world.assigned(session).count == 3)
        world.finishAll(session)
        #expect(world.assigned(session).count == 6)
    }

    @Test func needsAreTakenFromTheCapacity() {
        var world = World()
        let session = world.newSession()
        var registration = World.registration("w1", slots: 8)
        registration.capacity.append(ResourceAmount(name: "gpu", amount: 3))
        _ = world.register(registration, as: session)
        world.credit(session, 100)
        let needs = [ResourceAmount(name: "gpu", amount: 2)]
        let first = world.job { $0.needs = needs }
        let second = world.job { $0.needs = needs }
        let twice = world.job { $0.needs = needs + needs }
        let foreign = world.job { $0.needs = [ResourceAmount(name: "fpga", amount: 1)] }
        #expect(world.assigned(session) == [first])
        world.finishAll(session)
        #expect(world.assigned(session) == [first, second])
        world.finishAll(session)
        #expect(world.state(twice) == .queued)
        #expect(world.state(foreign) == .queued)
    }

    // Lesson 32: an empty list of capabilities meant "can do everything".
    @Test func anEmptyListOfEncodersMeansNone() {
        var world = World()
        let bare = EngineReport(name: "ffmpeg", version: "7", encoders: [])
        let session = world.worker("w1", slots: 4, engines: [bare])
        let needy = world.job { $0.encoders = ["libx264"] }
        let plain = world.job()
        #expect(world.state(needy) == .queued)
        #expect(world.assigned(session) == [plain])
    }

    @Test func autoTakesTheFirstEngineThatTheWorkerHas() {
        var world = World()
        let gst = EngineReport(name: "gstreamer", version: "1", encoders: [])
        let only = world.worker("g", engines: [gst])
        world.job { $0.engine = JobSpec.engineAuto }
        #expect(world.assignments(only).map(\.engine) == ["gstreamer"])
        let both = world.worker("b", engines: [gst, World.ffmpeg])
        world.job { $0.engine = JobSpec.engineAuto }
        #expect(world.assignments(both).map(\.engine) == ["ffmpeg"])
    }

    @Test func requiredLabelsBindAndPreferredOnesDecide() {
        var world = World()
        let east = Label(name: "zone", value: "east")
        let fast = Label(name: "disk", value: "fast")
        let plain = world.worker("a", slots: 2)
        let good = world.worker("b", slots: 2, labels: [fast])
        let here = world.worker("c", slots: 2, labels: [east])
        let preferring = world.job { $0.prefer = [fast] }
        #expect(world.assigned(good) == [preferring])
        let requiring = world.job { $0.require = [east] }
        #expect(world.assigned(here) == [requiring])
        // With the preferred one full, a preference does not hold a job back.
        world.job { $0.prefer = [fast] }
        world.job { $0.prefer = [fast] }
        #expect(world.assigned(good).count == 2)
        #expect(world.assigned(plain).count + world.assigned(here).count == 2)
    }

    @Test func leastRunningThenLongestIdle() {
        var world = World()
        let first = world.worker("a", slots: 2)
        world.pass(.seconds(1))
        let second = world.worker("b", slots: 2)
        let jobs = (0..<4).map { _ in world.job() }
        #expect(world.assigned(first) == [jobs[0], jobs[2]])
        #expect(world.assigned(second) == [jobs[1], jobs[3]])
    }

    @Test func idleTimeCountsFromTheEndOfTheLastJob() {
        var world = World()
        let long = world.worker("a")
        let short = world.worker("b")
        let one = world.job()
        world.pass(.seconds(1))
        let two = world.job()
        #expect(world.assigned(long) == [one] && world.assigned(short) == [two])
        // The one that got its job later ended earlier, so it has been idle for longer.
        world.finishAll(short)
        world.pass(.seconds(5))
        world.finishAll(long)
        let three = world.job()
        #expect(world.assigned(short) == [two, three])
    }

    @Test func theTenantWithTheLeastInHandComesFirst() {
        var world = World()
        let many = (0..<4).map { _ in world.job { $0.tenant = "big" } }
        let few = (0..<2).map { _ in world.job { $0.tenant = "small" } }
        let session = world.worker("w1", slots: 6)
        #expect(world.assigned(session) == [many[0], few[0], many[1], few[1], many[2], many[3]])
        #expect(world.faults == [])
    }

    @Test func aDrainingWorkerGetsNothingNew() {
        var world = World()
        let session = world.worker("w1", slots: 4, credit: 0)
        world.credit(session, 10, isDraining: true)
        world.job()
        #expect(world.assigned(session).isEmpty)
        world.credit(session, 10, isDraining: false)
        #expect(world.assigned(session).count == 1)
    }
}

extension World {
    /// Ends all that a session was sent and that still runs.
    mutating func finishAll(_ session: SessionID) {
        for assignment in assignments(session)
        where state(assignment.number)?.isHeld == true
            && attempt(assignment.number) == assignment.attempt.rawValue
        {
            report(
                session,
                assignment.number,
                assignment.attempt.rawValue,
                .finished(nil, ReportItem.Finish(hasNoFile: true))
            )
        }
    }
}
