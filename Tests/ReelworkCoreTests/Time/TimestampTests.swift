// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of wall time.

import ReelworkCore
import Testing

/// Goal: the ends of the range hold; nothing traps.
struct TimestampTests {
    @Test func sumsAndGapsAreHeldAtTheEnds() {
        let last = Timestamp(milliseconds: .max)
        let first = Timestamp(milliseconds: .min)
        #expect(last.advanced(by: .seconds(1)) == last)
        #expect(first.advanced(by: .seconds(-1)) == first)
        #expect(last.advanced(by: .seconds(Int64.max)) == last)
        #expect(last.since(first) == .milliseconds(Int64.max))
        #expect(first.since(last) == .milliseconds(Int64.min))
        #expect(Timestamp(milliseconds: 5).since(Timestamp(milliseconds: 8)) == .milliseconds(-3))
        #expect(Timestamp(milliseconds: 5).advanced(by: .microseconds(2_999)).milliseconds == 7)
    }
}
