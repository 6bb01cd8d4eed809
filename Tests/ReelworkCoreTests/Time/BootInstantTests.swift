// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of boot time.

import ReelworkCore
import Testing

/// Goal: the ends of the range hold; nothing traps.
struct BootInstantTests {
    @Test func sumsAndGapsAreHeldAtTheEnds() {
        let first = BootInstant(nanoseconds: .min)
        #expect(BootInstant.distantFuture.advanced(by: .nanoseconds(1)) == .distantFuture)
        #expect(first.advanced(by: .seconds(-1)) == first)
        #expect(BootInstant(nanoseconds: 0).advanced(by: .seconds(Int64.max)) == .distantFuture)
        #expect(BootInstant.distantFuture.since(first) == .nanoseconds(Int64.max))
        #expect(first.since(.distantFuture) == .nanoseconds(Int64.min))
        #expect(BootInstant(nanoseconds: 3).since(BootInstant(nanoseconds: 1)) == .nanoseconds(2))
    }
}
