// SPDX-License-Identifier: Apache-2.0
// Reelwork: times of the predecessor are read

import ReelworkCore
import ReelworkStore
import Testing

// Goal: every form of time that the predecessor wrote is read to the millisecond, nothing else is.
// Method: a table of texts with the times as RFC 3339.
@Suite struct PredecessorTimeTests {
    static let known: [(String, String)] = [
        ("2026-01-05 10:00:00.123456789+01:00", "2026-01-05T09:00:00.123Z"),
        ("2026-01-05 10:00:00-07:00", "2026-01-05T17:00:00.000Z"),
        ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00.000Z"),
        ("2026-01-05T10:00:00.5+00:30", "2026-01-05T09:30:00.500Z"),
        ("2026-01-05 10:00:00", "2026-01-05T10:00:00.000Z"),
        ("2026-01-05 10:00:00.25 +0100 CET m=+0.001", "2026-01-05T09:00:00.250Z"),
        ("2026-01-05", "2026-01-05T00:00:00.000Z"),
        ("2024-02-29 23:59:60Z", "2024-02-29T23:59:59.000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("1767600000", "2026-01-05T08:00:00.000Z"),
        ("1767600000.5", "2026-01-05T08:00:00.500Z"),
        ("1767600000123", "2026-01-05T08:00:00.123Z"),
        ("1767600000123456", "2026-01-05T08:00:00.123Z"),
    ]

    @Test(arguments: known) func isReadToTheMillisecond(_ text: String, _ time: String) {
        #expect(PredecessorTime(text).timestamp?.text == time)
    }

    @Test(arguments: [nil, "", "  ", "0", "0001-01-01 00:00:00+00:00"])
    func isNotSet(_ text: String?) {
        #expect(PredecessorTime(text) == .none)
    }

    @Test(
        arguments: [
            "never", "2026", "2026-13-01", "2026-02-29", "2026-01-05 25:00:00", "2026-01-05 10",
            "2026-01-05 10:00:00.", "2026-01-05 10:00:00Zulu", "2026-01-05T10:00:00+1",
            "1969-12-31T23:59:59Z", "-5", "inf", "nan", "1e300", "2026-01-05 10:00:00 CET",
        ]
    )
    func isUnreadable(_ text: String) {
        // A year alone is a number: seconds after 1970.
        let wanted: PredecessorTime =
            text == "2026" ? .known(Timestamp(milliseconds: 2_026_000)) : .unreadable
        #expect(PredecessorTime(text) == wanted)
    }
}
