// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of pausing and resuming queues

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: of a paused queue nothing is assigned, what runs goes on, and a restart changes nothing.
struct SchedulerQueuesTests {
    @Test func nothingOfAPausedQueueIsAssignedAndTheOthersGoOn() {
        var world = World()
        let session = world.worker("w1", slots: 8)
        let running = world.job()
        #expect(world.start(session, running, 1) == .ok)
        #expect(world.set(.standard, isPaused: true) == [ItemResult(.ok)])
        let waiting = world.job { $0.priority = .high }
        let batch = world.job { $0.queue = .batch }
        #expect(world.assigned(session) == [running, batch])
        #expect(world.state(running) == .running)
        #expect(world.revoked(session).isEmpty)
        // A retry of a paused queue waits like all else of it.
        #expect(world.fail(session, running, 1, .runtimeError) == .ok)
        world.pass(.seconds(6))
        #expect(world.state(running) == .queued)
        #expect(world.set(.standard, isPaused: false) == [ItemResult(.ok)])
        #expect(Set(world.assigned(session).suffix(2)) == [running, waiting])
        #expect(world.faults == [])
    }

    @Test func sayingItAgainChangesNothing() throws {
        var world = World()
        _ = world.set(.live, isPaused: true)
        let row = try #require(world.model.queues[.live])
        #expect(row.paused == world.now.wall && row.actor == "uid:7" && row.reason == "why")
        let notes = world.notes.count
        world.pass(.seconds(1))
        #expect(world.set(.live, isPaused: true) == [ItemResult(.ok)])
        #expect(world.model.queues[.live] == row)
        #expect(world.notes.count == notes)
        _ = world.set(.live, isPaused: false)
        #expect(world.model.queues[.live]?.paused == nil)
        #expect(world.set(.batch, isPaused: false) == [ItemResult(.ok)])
        #expect(world.model.queues[.batch] == nil, "it was never paused")
        #expect(
            world.notes == [
                .queueSet(.live, isPaused: true, reason: "why", actor: "uid:7"),
                .queueSet(.live, isPaused: false, reason: "why", actor: "uid:7"),
            ]
        )
    }

    @Test func aPauseOutlivesTheScheduler() {
        var world = World()
        _ = world.set(.standard, isPaused: true)
        _ = world.set(.live, isPaused: true)
        _ = world.set(.live, isPaused: false)
        let paused = world.job()
        let live = world.job { $0.queue = .live }
        world.restart()
        let session = world.worker("w1", slots: 4)
        #expect(world.assigned(session) == [live])
        #expect(queuesPaused(in: world) == [.standard])
        _ = world.set(.standard, isPaused: false)
        #expect(world.assigned(session) == [live, paused])
        #expect(queuesPaused(in: world).isEmpty)
    }

    private func queuesPaused(in world: World) -> [JobQueue] {
        var world = world
        let tag = world.tag()
        world.scheduler.handle(.metrics(tag, prefix: ""), now: world.now)
        world.settle()
        guard case .metrics(let metrics, _)? = world.answers[tag.request] else { return [] }
        return metrics.queuesPaused
    }
}
