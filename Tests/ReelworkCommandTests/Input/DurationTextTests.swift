// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of durations as people write them

import Testing

@testable import reelwork

// Goal: what people write is read exactly or not at all. Method: a table of texts.
struct DurationTextTests {
    @Test(arguments: [
        ("10s", 10_000), ("2m", 120_000), ("1h30m", 5_400_000), ("250ms", 250), ("1.5h", 5_400_000),
        ("90", 90_000), ("0.25", 250), ("0", 0), ("1d", 86_400_000), ("1h0m5s", 3_605_000),
        ("1.000001s", 1_000),
    ])
    func readsWhatPeopleWrite(_ text: String, _ milliseconds: Int) {
        #expect(DurationText.read(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", " ", "s", "10 s", "-1s", "1s1h", "1s1s", "1.2.3s", "1x", "1e3", "0x10", "nan", "١s",
        "99999999999999999999s", "9223372036854775807d", "11000d", "1.1234567s", ".5s", "5.s",
    ])
    func refusesTheRest(_ text: String) {

        #expect(DurationText.read(text) == nil)
    }
}
