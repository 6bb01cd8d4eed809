// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the order in which jobs wait.

import ReelworkCore
import Testing

/// Goal: level = 3 × queue + priority, five minutes a level, at most forty minutes in all.
struct RankTests {
    @Test(arguments: [
        (JobQueue.batch, JobPriority.low, Int64(0)), (.batch, .medium, 1), (.batch, .high, 2),
        (.standard, .low, 3), (.standard, .medium, 4), (.standard, .high, 5),
        (.live, .low, 6), (.live, .medium, 7), (.live, .high, 8),
    ])
    func levelIsWorthFiveMinutes(queue: JobQueue, priority: JobPriority, level: Int64) {
        let time = Timestamp(milliseconds: 1_700_000_000_000)
        let rank = Rank(submitted: time, queue: queue, priority: priority)
        #expect(rank.value == 1_700_000_000_000 - level * 300_000)
    }

    @Test func noJobIsPassedByOneSubmittedFortyMinutesLater() {
        let early = Timestamp(milliseconds: 1_700_000_000_000)
        let lowest = Rank(submitted: early, queue: .batch, priority: .low)
        let late = Rank(
            submitted: early.advanced(by: .seconds(2_400)),
            queue: .live,
            priority: .high
        )
        #expect(!(late < lowest))
        let justBefore = Rank(
            submitted: early.advanced(by: .milliseconds(2_399_999)),
            queue: .live,
            priority: .high
        )
        #expect(justBefore < lowest)
    }

    @Test func theEndsOfTimeDoNotTrap() {
        let start = Rank(
            submitted: Timestamp(milliseconds: .min),
            queue: .live,
            priority: .high
        )
        #expect(start.value == .min)
    }
}
