// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of durations in words.

import ReelworkCore
import Testing

/// Goal: what people read, at every size.
struct DurationWordsTests {
    @Test(arguments: [
        (Duration.zero, "0ms"), (.milliseconds(350), "350ms"), (.milliseconds(999), "999ms"),
        (.seconds(1), "1s"), (.milliseconds(1_500), "1.5s"), (.milliseconds(59_999), "59.9s"),
        (.seconds(60), "1m"), (.seconds(150), "2m30s"), (.seconds(65), "1m05s"),
        (.seconds(3_599), "59m59s"), (.seconds(3_600), "1h00m"), (.seconds(11_100), "3h05m"),
        (.milliseconds(-1_500), "-1.5s"), (.microseconds(-400), "0ms"),
    ])
    func wordsAreAsPeopleSayThem(duration: Duration, words: String) {
        #expect(duration.words == words)
    }

    @Test func theEndsDoNotTrap() {
        #expect(!Duration.seconds(Int64.max).words.isEmpty)
        #expect(Duration.seconds(Int64.min).words.hasPrefix("-"))
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
    }
}
