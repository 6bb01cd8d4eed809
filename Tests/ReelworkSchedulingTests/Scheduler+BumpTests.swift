// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of putting a job before all others

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: a bumped job is the next of its tenant, over all requirements and queues; whatever is not
/// waiting is refused with its state; nothing else changes a rank (R6).
struct SchedulerBumpTests {
    private func rank(_ number: JobNumber, _ world: World) -> Rank? {
        world.model.jobs[number]?.row?.rank
    }

    @Test func itGoesBeforeTheFirstOverAllLines() throws {
        var world = World()
        let live = world.job {
            $0.queue = .live
            $0.priority = .high
        }
        _ = world.job { $0.encoders = ["libx264"] }
        world.pass(.seconds(1))
        let late = world.job { $0.queue = .batch }
        let foreign = world.job { $0.tenant = "other" }
        let before = rank(foreign, world)
        #expect(world.bump([late]) == [ItemResult(.ok, number: late, state: .queued)])
        let first = try #require(rank(live, world))
        #expect(rank(late, world) == Rank(value: first.value - 1))
        #expect(rank(foreign, world) == before)
        #expect(world.notes.last == .bumped(late, reason: "why", actor: "uid:7"))
        let session = world.worker("w1")
        #expect(world.assigned(session) == [late])
        #expect(world.faults == [])
    }

    @Test func theFirstStaysWhereItIs() {
        var world = World()
        let jobs = (0..<3).map { _ in world.job() }
        _ = world.bump([jobs[2]])
        let (rank, notes) = (rank(jobs[2], world), world.notes.count)
        for _ in 0..<3 {
            #expect(world.bump([jobs[2]]) == [ItemResult(.ok, number: jobs[2], state: .queued)])
        }
        #expect(self.rank(jobs[2], world) == rank)
        #expect(world.notes.count == notes)
        let session = world.worker("w1", slots: 3)
        #expect(world.assigned(session) == [jobs[2], jobs[0], jobs[1]])
    }

    @Test func manyGoInTheOrderInWhichTheyAreNamed() {
        var world = World()
        let jobs = (0..<5).map { _ in world.job() }
        let named = [jobs[3], jobs[1], jobs[4]]
        #expect(world.bump(named).map(\.number) == named)
        #expect(world.bump(named).allSatisfy { $0.code == .known(.ok) })
        let session = world.worker("w1", slots: 5)
        #expect(world.assigned(session) == named + [jobs[0], jobs[2]])
        #expect(world.faults == [])
    }

    // In a paused queue too the first is the first, and a restart keeps the order.
    @Test func aRankOutlivesTheSchedulerAndAPause() {
        var world = World()
        _ = world.set(.standard, isPaused: true)
        let jobs = (0..<3).map { _ in world.job() }
        _ = world.bump([jobs[1]])
        world.restart()
        let session = world.worker("w1", slots: 3)
        #expect(world.assigned(session).isEmpty)
        _ = world.set(.standard, isPaused: false)
        #expect(world.assigned(session) == [jobs[1], jobs[0], jobs[2]])
    }

    @Test func whatDoesNotWaitIsRefusedWithItsState() {
        var world = World()
        let due = world.now.wall.advanced(by: .seconds(60))
        let later = world.job { $0.notBefore = due }
        let session = world.worker("w1", slots: 2)
        let running = world.job()
        _ = world.start(session, running, 1)
        let retrying = world.job()
        #expect(world.fail(session, retrying, 1, .runtimeError) == .ok)
        let ended = world.job()
        _ = world.cancel(ended)
        let results = world.bump([later, running, retrying, ended, JobNumber(99)])
        #expect(
            results.map(\.code.value) == [
                .precondition, .precondition, .precondition, .precondition, .notFound,
            ]
        )
        #expect(
            results.map { $0.state?.value } == [.queued, .running, .retrying, .canceled, nil]
        )
        let words = ["not due for 1m", "is running", "is retrying", "is canceled", "no such job"]
        for (result, words) in zip(results, words) {
            #expect(result.detail?.contains(words) == true, "\(result.detail ?? "")")
        }
        #expect(world.model.jobs[later]?.row?.notBefore == due)
    }

    @Test func onlyABumpChangesARank() {
        var world = World()
        let jobs = (0..<4).map { _ in world.job() }
        let ranks = jobs.map { rank($0, world) }
        let session = world.worker("w1", slots: 2)
        _ = world.fail(session, jobs[0], 1, .runtimeError)
        world.pass(.seconds(10))
        _ = world.bump([jobs[3]])
        _ = world.recover(.jobs([ResolvedJob(number: jobs[1])]), .requeue)
        world.pass(.seconds(600))
        #expect(jobs.dropLast().map { rank($0, world) } == ranks.dropLast())
        #expect(world.faults == [])
    }
}
