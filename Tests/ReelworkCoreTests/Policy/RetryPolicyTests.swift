// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the waits between attempts.

import ReelworkCore
import Testing

/// Goal: 5, 10, 20 s … up to 5 min at any count, and jitter within its bounds.
///
/// Lesson 12: the wait overflowed at the 31st attempt. Seed: TestCalculateBackoff.
struct RetryPolicyTests {
    @Test(arguments: [
        (UInt16(0), 0), (1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 300), (8, 300),
        (31, 300), (32, 300), (64, 300), (65_535, 300),
    ])
    func waitsDoubleUpToFiveMinutes(count: UInt16, seconds: Int) {
        #expect(RetryPolicy().backoff(retry: count) == .seconds(seconds))
        #expect(RetryPolicy(jitter: .none).wait(retry: count, random: .max) == .seconds(seconds))
    }

    @Test func fullJitterReachesBothEndsAndNoFarther() {
        let policy = RetryPolicy()
        #expect(policy.wait(retry: 1, random: 0) == .zero)
        #expect(policy.wait(retry: 1, random: .max) == .seconds(5))
        var random = SplitMix(3)
        var sum = 0.0
        for _ in 0..<1_000 {
            let wait = policy.wait(retry: 3, random: random.next())
            #expect(wait >= .zero && wait <= .seconds(20))
            sum += wait.seconds
        }
        #expect(sum / 1_000 > 9 && sum / 1_000 < 11)
    }

    @Test func senselessPoliciesDoNotTrap() {
        let never = RetryPolicy(backoffFirst: .seconds(-5))
        #expect(never.backoff(retry: 65_535) == .zero)
        let long = RetryPolicy(backoffMax: .seconds(Int64.max))
        #expect(long.backoff(retry: 65_535) == .seconds(Int64.max))
        #expect(long.wait(retry: 65_535, random: .max) <= .seconds(Int64.max))
    }
}
