// SPDX-License-Identifier: Apache-2.0
// Reelwork: how many frames a cut keeps

import ReelworkEngineKit
import Testing

// Goal: a cut keeps exactly the frames that begin before its end. Method: a table around the
// boundaries, worked out by hand, and the largest numbers that there are.
struct FrameRateTests {
    @Test(
        arguments: [
            (10, 1, 1_010_000, 11), (10, 1, 1_000_000, 10), (10, 1, 1_000_001, 11),
            (10, 1, 999_999, 10), (10, 1, 1_100_000, 11), (25, 1, 500_000, 13),
            (25, 1, 40_000, 1), (25, 1, 40_001, 2), (25, 1, 1, 1), (25, 1, 0, 0), (25, 1, -1, 0),
            (30_000, 1_001, 1_001_000, 30), (30_000, 1_001, 1_001_001, 31),
            (30_000, 1_001, 33_366, 1), (30_000, 1_001, 33_367, 2), (1, 3_600, 1, 1),
        ] as [(UInt64, UInt64, Int64, UInt64)]
    )
    func framesThatBeginBeforeTheEndAreCounted(
        up: UInt64,
        down: UInt64,
        micros: Int64,
        count: UInt64
    ) throws {
        let rate = try #require(FrameRate(up, down))
        #expect(rate.framesBegun(within: .microseconds(micros)) == count)
    }

    @Test
    func theLargestNumbersDoNotTrap() throws {
        let fast = try #require(FrameRate(1_000_000_000))
        #expect(fast.framesBegun(within: .seconds(Int64.max)) == .max)
        #expect(fast.framesBegun(within: .seconds(Int64.min)) == 0)
        let years = Int64(18_000_000_000)
        #expect(fast.framesBegun(within: .seconds(years)) == 18_000_000_000_000_000_000)
    }
}
