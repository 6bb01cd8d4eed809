// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of running ended jobs once more

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: a retry is a new job that names its parent, once for a key, and of an ended job alone.
///
/// Method: one scheduler; what the store knows is told to it as the daemon does.
struct SchedulerRetryTests {
    private func retry(
        _ world: inout World,
        _ parent: JobNumber,
        key: String,
        isCommitted: Bool = true
    ) -> ItemResult? {
        let tag = world.tag()
        let job = world.model.jobs[parent]
        let content = world.contents[parent]
        let existing = world.model.jobs.values.first { $0.insert.key == key }
        let order = RetryOrder(
            parent: ResolvedJob(number: job == nil ? nil : parent, stored: job?.row?.machine),
            submission: Submission(
                key: key,
                bytes: job?.insert.spec ?? [],
                content: content.map { .success($0) }
                    ?? .failure(.init(code: .notFound, detail: "none")),
                existing: existing.map {
                    StoredKey(
                        number: $0.insert.number,
                        id: $0.insert.id,
                        state: $0.state ?? .queued,
                        spec: $0.insert.spec,
                        retryOf: $0.insert.retryOf
                    )
                }
            )
        )
        world.scheduler.handle(
            .retry(tag, [order], reason: "disk is back", actor: "uid:7"),
            now: world.now
        )
        world.settle(isCommitted: isCommitted)
        guard case .results(let results)? = world.answers[tag.request] else { return nil }
        if let result = results.first, result.code == .known(.ok), let number = result.number {
            world.contents[number] = content
        }
        return results.first
    }

    @Test func aRetryIsANewJobThatNamesItsParent() throws {
        var world = World()
        let parent = world.job { $0.tenant = "studio" }
        #expect(world.cancel(parent)?.code == .known(.ok))
        world.pass(.seconds(5))
        let result = try #require(retry(&world, parent, key: "r"))
        #expect(result.code == .known(.ok) && result.state == .known(.queued))
        let number = try #require(result.number)
        #expect(number.rawValue == parent.rawValue + 1)
        let (old, new) = (world.model.jobs[parent], world.model.jobs[number])
        #expect(new?.insert.retryOf == parent && new?.insert.key == "r")
        #expect(new?.insert.spec == old?.insert.spec && new?.insert.tenant == "studio")
        #expect(new?.insert.id != old?.insert.id)
        #expect(new?.insert.created == world.now.wall)
        #expect(new?.moves.map(\.reason) == ["Retry of job \(parent): disk is back"])
        #expect(new?.moves.map(\.actor) == ["uid:7"])
        #expect(old?.state == .canceled && old?.moves.count == 2)
        // It runs as any other, and a restart keeps it.
        world.restart()
        let session = world.worker("w1")
        #expect(world.assigned(session) == [number])
        #expect(world.faults == [])
    }

    @Test func aJobThatHasNotEndedIsNotRetried() throws {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        for state in [JobState.assigned, .running] {
            if state == .running { #expect(world.start(session, job, 1) == .ok) }
            let result = try #require(retry(&world, job, key: "r"))
            #expect(result.code == .known(.precondition) && result.number == job)
            #expect(result.state == .known(state))
            #expect(result.detail?.contains("is \(state.name)") == true)
        }
        #expect(retry(&world, JobNumber(99), key: "r")?.code == .known(.notFound))
        #expect(world.model.jobs.count == 1)
        #expect(world.faults == [])
    }

    // The end is in a commit under way: the store still has the job as it was before.
    @Test func aJobThatEndedInACommitUnderWayIsRetried() throws {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        #expect(world.start(session, job, 1) == .ok)
        let before = try #require(world.model.jobs[job]?.row?.machine)
        let tag = world.tag()
        let target = ResolvedJob(number: job, stored: before)
        world.scheduler.handle(.cancel(tag, [target], reason: "", actor: "uid:1"), now: world.now)
        let stored = try #require(world.model.jobs[job])
        #expect(stored.row?.machine.state == .running)
        #expect(retry(&world, job, key: "r")?.code == .known(.ok))
        #expect(world.state(job) == .canceled)
        #expect(world.faults == [])
    }

    @Test(arguments: [true, false])
    func aKeyIsOneRetryOfOneParent(isCommitted: Bool) throws {
        var world = World()
        let (a, b) = (world.job(), world.job())
        for job in [a, b] { #expect(world.cancel(job)?.code == .known(.ok)) }
        let first = try #require(retry(&world, a, key: "r", isCommitted: isCommitted))
        #expect(first.code == .known(.ok))
        let again = try #require(retry(&world, a, key: "r", isCommitted: isCommitted))
        #expect(again.code == .known(.okExists) && again.number == first.number)
        let other = try #require(retry(&world, b, key: "r", isCommitted: isCommitted))
        #expect(other.code == .known(.keyConflict) && other.number == first.number)
        // The key that the parent itself was submitted with is no retry's, though the spec is one.
        let own = try #require(world.model.jobs[a]?.insert.key)
        #expect(retry(&world, a, key: own)?.code == .known(.keyConflict))
        #expect(world.model.jobs.count == 3)
        #expect(world.faults == [])
    }

    @Test func whatStandsInTheWayIsNamed() throws {
        var world = World(policy: SchedulerPolicy(jobsLiveMax: 2))
        let job = world.job()
        #expect(world.cancel(job)?.code == .known(.ok))
        let first = try #require(retry(&world, job, key: "1"))
        let second = try #require(retry(&world, job, key: "2"))
        #expect(second.code == .known(.outputConflict) && second.number == first.number)
        world.job()
        #expect(retry(&world, job, key: "3")?.code == .known(.queueFull))
        #expect(retry(&world, job, key: "")?.code == .known(.invalidArgument))
        let long = String(repeating: "k", count: Limits.keyBytesMax + 1)
        #expect(retry(&world, job, key: long)?.code == .known(.invalidArgument))
        #expect(world.faults == [])
    }
}
