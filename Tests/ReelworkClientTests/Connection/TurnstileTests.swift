// SPDX-License-Identifier: Apache-2.0
// Reelwork: who may through, and in which order.

import ReelworkRPC
import Testing

@testable import ReelworkClient

// Goal: never more than so many are through, the others come in order, and nobody is lost.
// Method: tasks that queue one by one, some of which are canceled.
@Suite(.timeLimit(.minutes(1)))
struct TurnstileTests {
    private func queued(_ turnstile: Turnstile, _ count: Int) async {
        while turnstile.waitingCount < count { await Task.yield() }
    }

    @Test func whoeverCameFirstIsThroughFirst() async throws {
        let turnstile = Turnstile(1)
        let order = Noted<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            let first = try await turnstile.pass()
            for index in 0..<50 {
                group.addTask {
                    let pass = try await turnstile.pass()
                    order.note { $0.append(index) }
                    withExtendedLifetime(pass) {}
                }
                await queued(turnstile, index + 1)
            }
            withExtendedLifetime(first) {}
        }
        #expect(order.value == Array(0..<50))
    }

    @Test func neverMoreThanItsCountAreThrough() async throws {
        let turnstile = Turnstile(3)
        let inside = Noted((now: 0, most: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    let pass = try await turnstile.pass()
                    inside.note { inside in
                        inside.now += 1
                        inside.most = max(inside.most, inside.now)
                    }
                    await Task.yield()
                    inside.note { $0.now -= 1 }
                    withExtendedLifetime(pass) {}
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.value.most <= 3)
        #expect(turnstile.waitingCount == 0)
    }

    @Test func whoGivesUpLeavesTheQueueAndTakesNoPlace() async throws {
        let turnstile = Turnstile(1)
        var first: Turnstile.Pass? = try await turnstile.pass()
        let task = Task { try await turnstile.pass() }
        await queued(turnstile, 1)
        let second = Task { try await turnstile.pass() }
        await queued(turnstile, 2)
        task.cancel()
        await #expect(throws: RPCError.self) { try await task.value }
        #expect(turnstile.waitingCount == 1)
        // Canceled before it came: it is told at once.
        let third = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await turnstile.pass()
        }
        await #expect(throws: RPCError.self) { try await third.value }
        withExtendedLifetime(first) {}
        first = nil
        _ = try await second.value
        #expect(turnstile.waitingCount == 0)
    }
}
