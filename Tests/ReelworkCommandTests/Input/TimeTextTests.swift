// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of times as people write them

import ReelworkCore
import Testing

@testable import reelwork

// Goal: absolute and relative times are read, nonsense is not. Method: a table, and a fixed now.
struct TimeTextTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    @Test(arguments: [
        ("2030-01-31T08:00:00Z", "2030-01-31T08:00:00.000Z"),
        ("2030-01-31T08:00:00.250Z", "2030-01-31T08:00:00.250Z"),
        ("2030-01-31T10:00:00+02:00", "2030-01-31T08:00:00.000Z"),
    ])
    func readsTimes(_ text: String, _ wanted: String) {
        #expect(TimeText.read(text, now: now)?.text == wanted)
    }

    @Test(arguments: [("10s", 1_010_000), ("+1m", 1_060_000)])
    func readsDurationsFromNow(_ text: String, _ milliseconds: Int64) {
        #expect(TimeText.read(text, now: now)?.milliseconds == milliseconds)
    }

    @Test(arguments: ["", "tomorrow", "2030-13-31T08:00:00Z", "2030-01-31", "-5s"])
    func refusesTheRest(_ text: String) {
        #expect(TimeText.read(text, now: now) == nil)
    }
}
