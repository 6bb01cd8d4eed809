// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of accepting jobs.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: R2's submit, atomic batches, and one live job an output.
struct SchedulerSubmitTests {
    private func spec(_ output: String) -> JobSpec {
        JobSpec(engine: "ffmpeg", input: "/in", output: output)
    }

    @Test func aWholeLife() throws {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        #expect(world.assigned(session) == [job])
        let assignment = try #require(world.assignments(session).first)
        #expect(assignment.attempt == AttemptNumber(1))
        #expect(assignment.engine == "ffmpeg")
        #expect(assignment.startWithin == .seconds(300))
        #expect(world.start(session, job, 1) == .ok)
        #expect(world.start(session, job, 1) == .ok)
        #expect(world.finish(session, job, 1) == .grantRequired)
        #expect(world.ready(session, job, 1) == .ok)
        #expect(world.ready(session, job, 1) == .ok)
        #expect(world.ready(session, job, 1, size: 11) == .precondition)
        #expect(world.finish(session, job, 1) == .ok)
        #expect(world.finish(session, job, 1) == .ok)
        #expect(world.fail(session, job, 1, .runtimeError) == .staleAttempt)
        let moves = try #require(world.model.jobs[job]?.moves)
        #expect(moves.map(\.step.to) == [.queued, .assigned, .running, .completed])
        #expect(moves.map(\.actor) == ["uid:1000", "scheduler", "worker:w1", "worker:w1"])
        #expect(world.model.jobs[job]?.grants.count == 1)
        #expect(world.scheduler.liveCount == 0)
        #expect(world.faults == [])
    }

    @Test func theSameKeyIsTheSameJobWhetherOnDiskOrNot() throws {
        var world = World()
        let item = World.submission(spec("/a"), key: "k")
        let first = try #require(world.submit([item], isSettled: false).first)
        #expect(first.code == .known(.ok))
        let again = try #require(world.submit([item], isSettled: false).first)
        #expect(again.code == .known(.okExists))
        #expect(again.number == first.number && again.id == first.id)
        let other = World.submission(spec("/b"), key: "k")
        #expect(world.submit([other], isSettled: false).first?.code == .known(.keyConflict))
        // On disk now: the store's match comes with the submission.
        world.settle()
        var stored = item
        stored.existing = StoredKey(
            number: first.number,
            id: first.id,
            state: .queued,
            spec: item.bytes
        )
        #expect(world.submit([stored]).first?.code == .known(.okExists))
        stored.bytes = other.bytes
        #expect(world.submit([stored]).first?.code == .known(.keyConflict))
        #expect(world.model.jobs.count == 1)
        #expect(world.faults == [])
    }

    @Test func aKeyTwiceInOneBatchIsOneJob() {
        var world = World()
        let item = World.submission(spec("/a"), key: "k")
        let codes = world.submit([item, item, World.submission(spec("/b"), key: "k")]).map(\.code)
        #expect(codes == [.known(.ok), .known(.okExists), .known(.keyConflict)])
    }

    @Test func anAtomicBatchIsAllOrNothing() {
        var world = World()
        world.submit([World.submission(spec("/taken"), key: "t")])
        let good = World.submission(spec("/a"), key: "a")
        let bad = World.submission(spec("/taken"), key: "b")
        let codes = world.submit([good, bad], isAtomic: true).map(\.code)
        #expect(codes == [.known(.canceled), .known(.outputConflict)])
        let twins = [good, World.submission(spec("/a"), key: "c")]
        #expect(
            world.submit(twins, isAtomic: true).map(\.code)
                == [.known(.canceled), .known(.outputConflict)]
        )
        var refused = good
        refused.content = .failure(.init(code: .invalidArgument, detail: "output is empty"))
        #expect(
            world.submit([refused, good], isAtomic: true).map(\.code)
                == [.known(.invalidArgument), .known(.canceled)]
        )
        #expect(world.model.jobs.count == 1)
        #expect(
            world.submit([good, good], isAtomic: true).map(\.code)
                == [.known(.ok), .known(.okExists)]
        )
        #expect(world.faults == [])
    }

    @Test func anOutputIsFreeAgainOnceItsJobIsOver() {
        var world = World()
        let first = world.submit([World.submission(spec("/a"), key: "1")])[0]
        let second = world.submit([World.submission(spec("/a"), key: "2")])[0]
        #expect(second.code == .known(.outputConflict))
        #expect(second.number == first.number)
        #expect(world.cancel(first.number)?.code == .known(.ok))
        #expect(world.submit([World.submission(spec("/a"), key: "2")])[0].code == .known(.ok))
    }

    @Test func aJobWithATimeOfItsOwnWaitsForIt() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job { $0.notBefore = World.start.wall.advanced(by: .seconds(30)) }
        // Keep the worker alive while time passes.
        for _ in 0..<2 {
            world.pass(.seconds(10))
            world.heartbeat(session, seen: 0)
            #expect(world.state(job) == .queued)
        }
        world.pass(.milliseconds(9_999))
        #expect(world.state(job) == .queued)
        world.pass(.milliseconds(1))
        #expect(world.state(job) == .assigned)
        #expect(world.faults == [])
    }
}
