// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what choosing costs

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: what a settle costs does not depend on how much waits: no walk over lines, refused jobs
/// are not offered again and again, and nothing is kept of what is over.
///
/// Method: steps are counted, not seconds.
struct ReadyQueueTests {
    /// The most steps of a settle in which a job ends and the next is handed out, and in which one
    /// comes that has to wait.
    private static func steps(tenants: Int, jobsEach: Int, requirements: Int) -> [UInt64] {
        var world = World(seed: 3)
        for tenant in 0..<tenants {
            _ = world.jobs(jobsEach, of: "t\(tenant)") { spec in
                spec.prefer = [Label(name: "zone", value: "\(tenant * 7 % requirements)")]
            }
        }
        let session = world.worker("w1", slots: 4, credit: 100_000)
        var most: [UInt64] = [0, 0]
        for round in 0..<200 {
            guard let last = world.assignments(session).last else { break }
            let before = world.scheduler.ready.steps
            world.end(last, session)
            most[0] = max(most[0], world.scheduler.ready.steps - before)
            let between = world.scheduler.ready.steps
            _ = world.job { $0.tenant = "t\(round % tenants)" }
            most[1] = max(most[1], world.scheduler.ready.steps - between)
        }
        #expect(world.assigned(session).count > 100)
        #expect(world.faults == [])
        return most
    }

    @Test func stepsDoNotGrowWithWhatWaits() {
        let few = Self.steps(tenants: 40, jobsEach: 10, requirements: 20)
        let many = Self.steps(tenants: 1000, jobsEach: 20, requirements: 20)
        // Fifty times as many jobs, twenty-five times as many tenants.
        #expect(many[0] <= few[0] * 3 / 2 + 20, "\(few) became \(many)")
        #expect(many[1] <= few[1] * 3 / 2 + 20, "\(few) became \(many)")
        // A look at each requirement for each change of a worker, and a few entries moved.
        #expect(many[0] <= 20 * 12, "\(many)")
    }

    // Before, each of them was offered, put aside and put back whenever anything happened.
    @Test func refusedJobsAreNotOfferedAgain() throws {
        var world = World()
        let first = world.worker("w1", slots: 50)
        let jobs = world.jobs(50, of: "")
        for number in jobs { #expect(world.fail(first, number, 1, .capabilityMismatch) == .ok) }
        #expect(jobs.allSatisfy { world.state($0) == .queued })
        let (attempts, steps) = (world.scheduler.metrics.assignmentAttempts, queue(world).steps)
        for _ in 0..<100 {
            world.heartbeat(first, seen: 50)
            world.credit(first, 1_000)
        }
        #expect(world.scheduler.metrics.assignmentAttempts == attempts)
        #expect(queue(world).steps - steps < 100 * 20)
        // Another that has not refused them gets them all.
        let second = world.worker("w2", slots: 50)
        #expect(Set(world.assigned(second)) == Set(jobs))
        #expect(world.faults == [])
    }

    @Test func aRefusedJobDelaysNoOther() {
        var world = World()
        let session = world.worker("w1")
        let refused = world.job { $0.priority = .high }
        _ = world.fail(session, refused, 1, .capabilityMismatch)
        let next = world.job()
        #expect(world.assigned(session) == [refused, next])
    }

    @Test func nothingIsKeptOfWhatIsOver() {
        var world = World()
        let session = world.worker("w1", slots: 4, credit: 100_000)
        for index in 0..<1_000 {
            world.job {
                $0.tenant = "t\(index)"
                $0.needs = [ResourceAmount(name: "slot", amount: UInt64(1 + index % 200))]
            }
            for number in world.model.liveJobs.map(\.row.number)
            where world.state(number) == .queued {
                _ = world.cancel(number)
            }
            world.finishAll(session)
        }
        let ready = queue(world)
        #expect(ready.lineIndex.isEmpty)
        #expect(ready.tenantIndex.count < 200)
        #expect(ready.tenants.count < 200)
        #expect(ready.requirements.count < 200)
        #expect(ready.tracked.count < 200)
        #expect(ready.pools.count < 3 * 200)
    }

    // Entries of jobs that were canceled go although none of them comes to the top.
    @Test func canceledJobsLeaveNoEntriesBehind() {
        var world = World()
        let jobs = world.jobs(2_000, of: "")
        for number in jobs.dropFirst(10) { _ = world.cancel(number) }
        let ready = queue(world)
        let entries = ready.lineIndex.values.reduce(0) { $0 + ready.entries(of: $1).count }
        #expect(entries < 200, "\(entries) entries of 10 jobs")
        let session = world.worker("w1", slots: 20)
        #expect(world.assigned(session) == Array(jobs.prefix(10)))
    }

    // A worker that changes while no job waits costs nothing in the long run.
    @Test func requirementsWithoutWaitingJobsAreNotLookedAtForEver() {
        var world = World()
        let session = world.worker("w1", slots: 4, credit: 100_000)
        for need in 1...4 as ClosedRange<UInt64> {
            world.job { $0.needs = [ResourceAmount(name: "slot", amount: need)] }
            world.finishAll(session)
        }
        #expect(!queue(world).tracked.isEmpty)
        for limit in 0..<200 as Range<UInt64> { world.credit(session, 200_000 + limit) }
        #expect(queue(world).tracked.isEmpty)
        let last = world.job()
        #expect(world.assigned(session).last == last)
    }

    private func queue(_ world: World) -> ReadyQueue { world.scheduler.ready }
}
