// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of a waiting job's rank and place

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: a waiting job's place among those of its tenant is right, over all lines, and said to be a
/// lower bound where too many wait to be counted.
///
/// Method: random ranks and stale entries, compared with a sorted list.
struct WhyPlaceTests {
    /// Jobs of one tenant in several lines, some of which have left.
    private static func world(seed: UInt64, count: Int) -> (World, [JobNumber]) {
        var world = World(seed: seed)
        var random = RandomSource(seed: seed, 5)
        _ = world.jobs(20, of: "other")
        for _ in 0..<count {
            let draw = random.next()
            _ = world.jobs(1, of: "t") { spec in
                spec.queue = JobQueue.allCases[Int(draw % 3)]
                spec.priority = JobPriority.allCases[Int(draw / 8 % 3)]
                spec.require = [Label(name: "zone", value: "\(draw / 64 % 4)")]
            }
            world.now = world.now.advanced(by: .seconds(Int(draw / 512 % 300)))
        }
        let all = world.scheduler.jobs.values.filter { $0.line != nil }
            .filter { world.scheduler.ready.tenants[Int($0.tenant.value)].name == "t" }
        for job in all where job.number.rawValue % 3 == 0 { _ = world.cancel(job.number) }
        let left = all.filter { $0.number.rawValue % 3 != 0 }.sorted { $0.entry < $1.entry }
        return (world, left.map(\.number))
    }

    @Test(arguments: UInt64(1)...8)
    func itIsThatOfASortedList(seed: UInt64) throws {
        var (world, order) = Self.world(seed: seed, count: 120)
        #expect(order.count > 60)
        for (index, number) in order.enumerated() {
            let answer = try world.explanation(number)
            #expect(answer.place == UInt64(index + 1) && !answer.isPlaceAtLeast)
            #expect(answer.rank == world.scheduler.jobs[number]?.rank)
        }
        let bumped = order[order.count / 2]
        _ = world.bump([bumped])
        let first = try world.explanation(bumped)
        #expect(first.place == 1)
    }

    @Test func countingEndsWhereTooManyWait() throws {
        var world = World()
        let jobs = (0..<3).flatMap { _ in
            world.now = world.now.advanced(by: .seconds(1))
            return world.jobs(Limits.whyEntriesMax, of: "t")
        }
        let first = try world.explanation(jobs[4_000])
        #expect(first.place == 4_001 && !first.isPlaceAtLeast)
        let last = try world.explanation(jobs[jobs.count - 1])
        #expect(last.isPlaceAtLeast)
        #expect((5_000...UInt64(Limits.whyEntriesMax + 1)).contains(last.place ?? 0))
    }

    @Test func whatIsNotInLineHasNoPlace() throws {
        var world = World()
        let due = world.now.wall.advanced(by: .seconds(60))
        let later = world.job { $0.notBefore = due }
        let early = try world.explanation(later)
        #expect(early.place == nil)
        let session = world.worker("w1")
        let running = world.job()
        #expect(world.assigned(session) == [running])
        let held = try world.explanation(running)
        #expect(held.place == nil && held.rank == nil)
    }
}
