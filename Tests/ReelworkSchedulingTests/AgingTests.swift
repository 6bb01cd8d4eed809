// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests that nothing starves

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: the bound of the article Fairness: only jobs that were submitted less than five minutes a
/// level later can pass a waiting one, so under a flood that the fleet can just carry a low job
/// starts within that time and the length of one job.
///
/// Method: one slot, jobs of ten seconds, a virtual clock, and floods of a higher level for every
/// pair of levels. Seed: NoStarvation.
struct AgingTests {
    private static let queues: [JobQueue] = [.batch, .standard, .live]
    private static let priorities: [JobPriority] = [.low, .medium, .high]
    private static let length = Duration.seconds(10)

    static let pairs: [(Int, Int)] = (0..<9).flatMap { low in
        (low + 1..<9).map { high in (low, high) }
    }

    private static func job(_ world: inout World, _ level: Int) -> JobNumber {
        world.job {
            $0.queue = queues[level / 3]
            $0.priority = priorities[level % 3]
        }
    }

    @Test(arguments: pairs)
    func aLowJobStartsWithinTheBound(low: Int, high: Int) {
        var world = World()
        let session = world.worker("w1")
        _ = Self.job(&world, high)
        let waiting = Self.job(&world, low)
        let submitted = world.now
        let bound = Rank.stepDuration * (high - low)
        while world.state(waiting) == .queued {
            guard world.now.boot.since(submitted.boot) <= bound + Self.length * 2 else { break }
            // The next of the flood is there before the slot is free.
            world.now = world.now.advanced(by: Self.length)
            _ = Self.job(&world, high)
            world.end(session)
        }
        let waited = world.now.boot.since(submitted.boot)
        #expect(world.state(waiting)?.isHeld == true)
        #expect(waited <= bound + Self.length, "it waited for \(waited.words)")
        // The flood does pass it until then, or this proves nothing.
        #expect(waited >= bound - Self.length, "it waited for \(waited.words) only")
    }

    // A flood that the fleet cannot carry: what is there before its time is up goes first, and of
    // what came later nothing does.
    @Test func nothingPassesThatCameLaterThanItsLevelIsWorth() {
        var world = World()
        let session = world.worker("w1")
        _ = Self.job(&world, 8)
        let waiting = Self.job(&world, 6)
        let submitted = world.now.boot
        let bound = Rank.stepDuration * 2
        var flood: [JobNumber: Duration] = [:]
        for _ in 0..<70 {
            world.now = world.now.advanced(by: Self.length)
            for _ in 0..<3 { flood[Self.job(&world, 8)] = world.now.boot.since(submitted) }
            world.end(session)
        }
        while world.state(waiting) == .queued, world.assigned(session).count < 400 {
            world.end(session)
        }
        let before = world.assigned(session).prefix { $0 != waiting }
        #expect(before.allSatisfy { flood[$0].map { $0 <= bound } ?? true })
        #expect(before.count == 1 + flood.values.count { $0 < bound })
    }
}

extension World {
    /// Ends the job that a session was sent last.
    mutating func end(_ session: SessionID) {
        guard case .assign(let assignment, _)? = pushes[session]?.last else { return }
        end(assignment, session)
    }
}
