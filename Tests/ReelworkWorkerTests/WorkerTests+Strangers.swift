// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of a worker that its scheduler does not know, and of its goodbye

import ReelworkCore
import Synchronization
import Testing

@testable import ReelworkWorker

extension WorkerTests {
    // Lesson 31: an unknown worker sent heartbeats into an error for ever. The first such answer
    // ends the session: it registers anew, with the encode that goes on meanwhile.
    @Test func registersAnewWhereItIsNotKnown() async throws {
        let scheduler = TestScheduler([try job(1, "FRAMES=50 STALL=1")])
        scheduler.state.withLock { state in
            state.heartbeat = .milliseconds(100)
            state.strangerLines = 1
        }
        let worker = try worker(scheduler)
        let life = Task { try await worker.run() }
        var registrations: [[HeldAttempt]] = []
        for await item in scheduler.news {
            switch item {
            case .registered(_, let held):
                registrations.append(held)
                guard registrations.count == 2 else { break }
                worker.drain()
                worker.drain()
            case .left: if registrations.count == 2 { scheduler.inbox.finish() }
            case .reported, .progressed, .inventory, .log: break
            }
        }
        // Where it never registered anew, the time limit has ended the wait: the worker ends too.
        worker.drain()
        worker.drain()
        try await life.value
        #expect(registrations.map { $0.map(\.phase) } == [[], [.known(.running)]])
    }

    // Goal: a worker's process does not end before its goodbye is said, or it counts as dead.
    @Test func endsOnlyWhenItsGoodbyeIsSaid() async throws {
        let scheduler = TestScheduler([])
        let worker = try worker(scheduler)
        let life = Task {
            try await worker.run()
            return scheduler.state.withLock { $0.hasFarewell }
        }
        for await item in scheduler.news {
            guard case .registered = item else { continue }
            break
        }
        worker.drain()
        #expect(try await life.value)
    }
}
