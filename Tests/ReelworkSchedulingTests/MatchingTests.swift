// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what jobs need and workers have.

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: a job goes where there is room for it, a guess keeps none from running, and no job that
/// needs much idles a worker that one with small needs could use.
struct MatchingTests {
    private static let guessed = World.candidate(
        estimates: ["cpu": 4, "memory_mib": 1_024, "scratch_mib": 512]
    )

    // A worker as it is started without flags measures little, and gets as many jobs as it has
    // slots all the same: what adapters guess counts only against what a person said.
    @Test func aGuessBindsNoWorkerThatWasNotTold() {
        var world = World()
        let capacity: [String: UInt64] = ["cpu": 2, "memory_mib": 512, "scratch_mib": 10]
        let session = world.worker(World.registration("w1", slots: 3, capacity: capacity))
        let jobs = (0..<4).map { _ in world.job(of: [Self.guessed]) }
        #expect(world.assigned(session) == Array(jobs.prefix(3)))
        #expect(world.used("w1") == ["slot": 3, "cpu": 0, "memory_mib": 0, "scratch_mib": 0])
        #expect(world.faults == [])
    }

    @Test func aGuessCountsAgainstWhatWasDeclared() {
        var world = World()
        let session = world.worker(
            World.registration(
                "w1",
                slots: 8,
                capacity: ["cpu": 2, "memory_mib": 2_500],
                declared: ["memory_mib"]
            )
        )
        let jobs = (0..<3).map { _ in world.job(of: [Self.guessed]) }
        #expect(world.assigned(session) == Array(jobs.prefix(2)))
        #expect(world.used("w1") == ["slot": 2, "cpu": 0, "memory_mib": 2_048])
        world.finish(session, jobs[0], 1)
        world.fail(session, jobs[1], 1, .userError)
        #expect(world.assigned(session) == jobs)
        #expect(world.used("w1")["memory_mib"] == 1_024)
    }

    // A guess above all that there is counts as all of it: the job runs alone, and is never
    // rejected.
    @Test func aGuessAboveTheWholeRunsAlone() {
        var world = World()
        let session = world.worker(
            World.registration(
                "w1",
                slots: 8,
                capacity: ["cpu": 4],
                declared: ["cpu"]
            )
        )
        let small = World.candidate(estimates: ["cpu": 1])
        let first = world.job(of: [small])
        let large = world.job(of: [World.candidate(estimates: ["cpu": 64])])
        let later = world.job(of: [small])
        #expect(world.assigned(session) == [first, later], "the large one waits, and delays none")
        world.finish(session, first, 1)
        world.finish(session, later, 1)
        #expect(world.assigned(session) == [first, later, large])
        let last = world.job(of: [small])
        #expect(world.state(last) == .queued && world.used("w1")["cpu"] == 4)
        world.finish(session, large, 1)
        #expect(world.state(last) == .assigned)
        world.sweep(.cleanup)
        #expect(world.faults == [])
    }

    // What a submitter asks for takes the place of the guess, and binds every worker.
    @Test func whatASubmitterSaysTakesThePlaceOfTheGuess() {
        var world = World()
        let session = world.worker(
            World.registration("w1", slots: 8, capacity: ["cpu": 16, "memory_mib": 2_048])
        )
        let large = world.job(needs: ["memory_mib": 1_500], of: [Self.guessed])
        let second = world.job(needs: ["memory_mib": 1_500], of: [Self.guessed])
        let small = world.job(needs: ["memory_mib": 500], of: [Self.guessed])
        let none = world.job(needs: ["memory_mib": 0], of: [Self.guessed])
        #expect(world.assigned(session) == [large, small, none])
        #expect(world.used("w1")["memory_mib"] == 2_000)
        world.finish(session, large, 1)
        #expect(world.state(second) == .assigned)
        let never = world.job(needs: ["memory_mib": 4_096], of: [Self.guessed])
        world.sweep(.cleanup)
        world.pass(.seconds(601))
        world.sweep(.cleanup)
        #expect(world.state(never) == .rejected)
    }

    // Lesson 6: what the job at the head needs and nobody has free idled workers that the next
    // could use. Here the head needs memory, room and a GPU; the small ones behind it run on.
    @Test(arguments: ["memory_mib", "scratch_mib", "gpu_session", "slot"])
    func aLargeJobAtTheHeadDelaysNoSmallOneThatFits(resource: String) {
        var world = World()
        let capacity: [String: UInt64] = [
            "memory_mib": 100, "scratch_mib": 100, "gpu_session:0": 100,
        ]
        let registration = World.registration("w1", slots: 100, capacity: capacity)
        let session = world.worker(registration)
        let plain = World.candidate()
        let holder = world.job(needs: [resource: 60], of: [plain])
        let head = world.job(needs: [resource: 90], of: [plain])
        let small = (0..<4).map { _ in world.job(needs: [resource: 10], of: [plain]) }
        #expect(world.assigned(session) == [holder] + small)
        // And whoever needs another resource.
        let other = world.job(of: [plain])
        #expect(world.state(other) == (resource == "slot" ? .queued : .assigned))
        for job in small + [holder] { world.finish(session, job, 1) }
        if resource == "slot" { world.finish(session, other, 1) }
        #expect(world.state(head) == .assigned)
        #expect(world.faults == [])
    }

    // Nor is time lost on it: ten thousand jobs that do not fit cost a small one nothing.
    @Test func jobsThatDoNotFitCostNothing() {
        var world = World()
        let session = world.worker(
            World.registration("w1", slots: 2, capacity: ["memory_mib": 100])
        )
        let plain = World.candidate()
        let holder = world.job(needs: ["memory_mib": 60], of: [plain])
        for _ in 0..<2_000 { _ = world.job(needs: ["memory_mib": 90], of: [plain]) }
        #expect(world.assigned(session) == [holder])
        let before = world.scheduler.ready.steps
        for _ in 0..<100 {
            let small = world.job(needs: ["memory_mib": 10], of: [plain])
            #expect(world.state(small) == .assigned)
            world.finish(session, small, 1)
        }
        #expect(world.scheduler.ready.steps - before < 100 * 30)
    }

    // MARK: - Room for films

    // What is free is the lesser of what is not promised yet and what the disk says.
    @Test func theDiskSaysHowMuchRoomThereIs() {
        var world = World()
        let session = world.worker(
            World.registration("w1", slots: 8, capacity: ["scratch_mib": 100], scratchFree: 100)
        )
        let plain = World.candidate()
        let first = world.job(needs: ["scratch_mib": 60], of: [plain])
        let second = world.job(needs: ["scratch_mib": 50], of: [plain])
        #expect(world.assigned(session) == [first], "40 are not promised yet")
        let third = world.job(needs: ["scratch_mib": 30], of: [plain])
        #expect(world.state(third) == .assigned)
        world.finish(session, first, 1)
        #expect(world.state(second) == .assigned)
        world.finish(session, second, 1)
        world.finish(session, third, 1)
        // Somebody else fills the disk, and clears it.
        world.beat(session, scratchFree: 20)
        let fourth = world.job(needs: ["scratch_mib": 30], of: [plain])
        #expect(world.state(fourth) == .queued)
        world.beat(session, scratchFree: 29)
        #expect(world.state(fourth) == .queued)
        world.beat(session, scratchFree: 30)
        #expect(world.state(fourth) == .assigned)
        #expect(world.faults == [])
    }

    // The worker was noted as free for such jobs; since then the disk has filled up.
    @Test func lessRoomThanBeforeIsSeenWhenAJobIsHandedOut() {
        var world = World()
        let session = world.worker(
            World.registration("w1", slots: 3, capacity: ["scratch_mib": 100], scratchFree: 100)
        )
        let plain = World.candidate()
        let first = world.job(needs: ["scratch_mib": 30], of: [plain])
        #expect(world.assigned(session) == [first])
        world.beat(session, scratchFree: 10)
        let next = world.job(needs: ["scratch_mib": 30], of: [plain])
        let small = world.job(of: [plain])
        #expect(world.state(next) == .queued)
        #expect(world.state(small) == .assigned)
        let metrics = world.scheduler.metrics
        #expect(metrics.assignmentAttempts == metrics.assignmentSuccesses, "none was in vain")
        world.beat(session, scratchFree: 50)
        #expect(world.state(next) == .assigned)
        #expect(world.faults == [])
    }

    // A disk that was cleared has more than when the worker began; what a person said stays.
    @Test(arguments: [true, false])
    func aClearedDiskIsUsedWhereNobodySaidHowMuch(isDeclared: Bool) {
        var world = World()
        let registration = World.registration(
            "w1",
            slots: 8,
            capacity: ["scratch_mib": 100],
            declared: isDeclared ? ["scratch_mib"] : [],
            scratchFree: 100
        )
        let session = world.worker(registration)
        let plain = World.candidate()
        let first = world.job(needs: ["scratch_mib": 150], of: [plain])
        #expect(world.state(first) == .queued)
        world.beat(session, scratchFree: 1_000)
        #expect(world.state(first) == (isDeclared ? .queued : .assigned))
        let second = world.job(needs: ["scratch_mib": 900], of: [plain])
        #expect(world.state(second) == .queued, "150 are promised of 1,000")
    }

    // MARK: - Devices

    private static let gpus: [String: UInt64] = ["gpu_session:0": 2, "gpu_session:1": 3]
    private static let session = World.candidate(needs: ["gpu_session": 1])

    @Test func anyDeviceIsTheOneOfWhichMostIsFree() {
        var world = World()
        let worker = world.worker(World.registration("w1", slots: 8, capacity: Self.gpus))
        let jobs = (0..<6).map { _ in world.job(of: [Self.session]) }
        let devices = jobs.map { world.devices(worker, $0) }
        #expect(
            devices.prefix(5) == [
                ["gpu_session:1=1"], ["gpu_session:0=1"], ["gpu_session:1=1"], ["gpu_session:0=1"],
                ["gpu_session:1=1"],
            ]
        )
        #expect(world.state(jobs[5]) == .queued, "all five sessions are taken")
        world.finish(worker, jobs[3], 1)
        #expect(world.devices(worker, jobs[5]) == ["gpu_session:0=1"])
        #expect(world.used("w1") == ["slot": 5, "gpu_session:0": 2, "gpu_session:1": 3])
        #expect(world.faults == [])
    }

    // A need is met by one device, not by what is left of two.
    @Test func aNeedIsMetByOneDevice() {
        var world = World()
        let worker = world.worker(World.registration("w1", slots: 8, capacity: Self.gpus))
        let wide = World.candidate(needs: ["gpu_session": 3])
        let first = world.job(of: [wide])
        let second = world.job(of: [wide])
        #expect(world.devices(worker, first) == ["gpu_session:1=3"])
        #expect(world.state(second) == .queued)
        let never = world.job(of: [World.candidate(needs: ["gpu_session": 4])])
        world.sweep(.cleanup)
        world.pass(.seconds(601))
        world.sweep(.cleanup)
        #expect(world.state(never) == .rejected && world.state(second) != .rejected)
    }

    // A submitter may name the device; what an engine says of any is then its word no more.
    @Test func aNamedDeviceIsThatOne() {
        var world = World()
        let worker = world.worker(World.registration("w1", slots: 8, capacity: Self.gpus))
        let jobs = (0..<3).map { _ in
            world.job(needs: ["gpu_session:0": 1], of: [Self.session])
        }
        #expect(world.devices(worker, jobs[0]) == ["gpu_session:0=1"])
        #expect(world.devices(worker, jobs[1]) == ["gpu_session:0=1"])
        #expect(world.state(jobs[2]) == .queued)
        // One of each: the named one is not there for the other.
        let both = world.job(
            needs: ["gpu_session:1": 2, "gpu_session": 1],
            of: [World.candidate()]
        )
        #expect(world.devices(worker, both) == ["gpu_session:1=2", "gpu_session:1=1"])
        #expect(world.used("w1")["gpu_session:1"] == 3)
    }

    // An engine without a GPU takes what the other has no session for; one that only works there
    // waits.
    @Test func whoCanDoWithoutADeviceDoes() {
        var world = World()
        let hardware = EngineReport(name: "hardware", version: "1", encoders: [])
        let worker = world.worker(
            World.registration(
                "w1",
                slots: 8,
                capacity: ["gpu_session:0": 1],
                engines: [World.ffmpeg, hardware]
            )
        )
        let fast = World.candidate("hardware", needs: ["gpu_session": 1])
        let jobs = (0..<2).map { _ in world.job(of: [fast, World.candidate()]) }
        let bound = world.job(of: [fast])
        let sent = world.assignments(worker)
        #expect(sent.map(\.number) == jobs && sent.map(\.engine) == ["hardware", "ffmpeg"])
        #expect(sent.map(\.devices.count) == [1, 0])
        #expect(world.state(bound) == .queued)
        world.finish(worker, jobs[0], 1)
        #expect(world.state(bound) == .assigned)
    }

    // A scheduler that starts again knows from the worker which device an attempt has.
    @Test func aHeldAttemptKeepsItsDevice() {
        var world = World()
        let registration = World.registration("w1", slots: 8, capacity: Self.gpus)
        let first = world.worker(registration)
        let jobs = (0..<2).map { _ in world.job(of: [Self.session]) }
        #expect(
            jobs.map { world.devices(first, $0) } == [["gpu_session:1=1"], ["gpu_session:0=1"]]
        )
        for job in jobs { world.start(first, job, 1) }
        world.restart()
        let session = world.newSession()
        // Said the other way round, so that it is not by chance.
        let held = zip(jobs, ["gpu_session:0", "gpu_session:0"]).map { job, device in
            var resolved = world.resolved((job, 1, .running))
            resolved.held.devices = [ResourceAmount(name: device, amount: 1)]
            return resolved
        }
        world.scheduler.handle(
            .register(world.tag(), session, registration, held: held),
            now: world.now
        )
        world.settle()
        #expect(world.used("w1") == ["slot": 2, "gpu_session:0": 2, "gpu_session:1": 0])
        world.credit(session, 100)
        let next = world.job(of: [Self.session])
        #expect(world.devices(session, next) == ["gpu_session:1=1"])
        #expect(world.faults == [])
    }

    // Who does not say it is counted on some device, and one that is gone counts nowhere.
    @Test func aHeldAttemptWithoutADeviceIsCountedOnOne() {
        var world = World()
        let registration = World.registration("w1", slots: 8, capacity: Self.gpus)
        let first = world.worker(registration)
        let job = world.job(of: [Self.session])
        world.start(first, job, 1)
        world.restart()
        #expect(world.used("w1") == ["slot": 1, "gpu_session:0": 0, "gpu_session:1": 1])
        let session = world.newSession()
        let bare = World.registration("w1", slots: 8, capacity: [:])
        let answer = world.register(bare, as: session, held: [(job, 1, .running)])
        #expect(world.verdicts(answer) == [.keep])
        #expect(world.used("w1") == ["slot": 1])
        world.finish(session, job, 1)
        #expect(world.used("w1") == ["slot": 0] && world.faults == [])
    }

    // A worker that says anew what it has: what it holds counts against that.
    @Test func whatIsHeldCountsAgainstTheNewCapacity() {
        var world = World()
        let session = world.worker(World.registration("w1", slots: 8, capacity: ["cpu": 4]))
        let job = world.job(of: [World.candidate(estimates: ["cpu": 3])])
        #expect(world.used("w1")["cpu"] == 0)
        let told = World.registration("w1", slots: 8, capacity: ["cpu": 4], declared: ["cpu"])
        _ = world.register(told, as: session)
        #expect(world.used("w1")["cpu"] == 3)
        world.finish(session, job, 1)
        #expect(world.used("w1")["cpu"] == 0)
    }
}
