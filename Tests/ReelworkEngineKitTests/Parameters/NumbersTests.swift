// SPDX-License-Identifier: Apache-2.0
// Reelwork: strict numbers and shown texts

import ReelworkEngineKit
import Testing

// Goal: numbers are read strictly and never trap; texts are shown short and clean. Method: tables.
struct NumbersTests {
    @Test(arguments: [
        ("0", 0), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("", nil),
        ("-1", nil), ("+1", nil), ("1 ", nil), ("007", 7), ("99999999999999999999999", nil),
    ])
    func wholeNumbers(text: String, value: UInt64?) {
        #expect(WholeNumber.parse(text.utf8) == value)
    }

    @Test(
        arguments: [
            ("1.5", 3, 1_500), ("1.5", 0, nil), ("1.2345", 3, nil),
            ("18446744073709551615", 1, nil),
            ("1.", 3, nil), (".1", 3, nil), ("1.2.3", 3, nil), ("0.000", 3, 0), ("1.a", 3, nil),
        ] as [(String, Int, UInt64?)]
    )
    func decimals(text: String, digits: Int, value: UInt64?) {
        #expect(DecimalNumber.parse(text.utf8, fractionDigits: digits) == value)
    }

    @Test
    func printedTimesAreRead() {
        #expect(DecimalNumber.seconds("5.312000".utf8) == .milliseconds(5_312))
        #expect(DecimalNumber.seconds("N/A".utf8) == nil)
        #expect(DecimalNumber.seconds("-1.0".utf8) == nil)
        #expect(DecimalNumber.clock("0:00:05.312000000".utf8) == .milliseconds(5_312))
        #expect(DecimalNumber.clock("1000:00:00.5".utf8) == .milliseconds(3_600_000_500))
        #expect(DecimalNumber.clock("99:99:99.999".utf8) == nil)
        #expect(DecimalNumber.clock("18446744073709551615:00:00".utf8) == nil)
        #expect(DecimalNumber.clock("none".utf8) == nil)
    }

    @Test(
        arguments: [
            ("25", 25, 1), ("25/1", 25, 1), ("30000/1001", 30_000, 1_001), ("23.976", 2_997, 125),
            ("50/2", 25, 1), ("1000", 1_000, 1), ("0.5", 1, 2),
        ] as [(String, UInt32, UInt32)]
    )
    func frameRates(text: String, numerator: UInt32, denominator: UInt32) {
        let rate = FrameRate(parameter: text)
        #expect(rate?.numerator == numerator)
        #expect(rate?.denominator == denominator)
    }

    @Test
    func shownTextsAreCutAndEscaped() {
        #expect(ShownText.quoted("a\"b\\c") == "\"a\\\"b\\\\c\"")
        #expect(ShownText.quoted("a\nb\u{0}") == "\"a\\u{a}b\\u{0}\"")
        let long = ShownText.quoted(String(repeating: "é", count: 1_000))
        #expect(long == "\"\(String(repeating: "é", count: 32))\"… (2000 bytes)")
        #expect(ShownText.cut("abc", bytesMax: 2) == "ab…")
    }

    @Test
    func nearestNamesComeFirst() {
        let known = ["ffmpeg", "gstreamer", "copy"]
        #expect(NearestName.ordered(known, near: "gstreamr").first == "gstreamer")
        #expect(NearestName.suggestion(known, near: "FFMPEG") == "ffmpeg")
        #expect(NearestName.suggestion(known, near: "zzzzzzzz") == nil)
        #expect(NearestName.suggestion(known, near: String(repeating: "f", count: 1 << 20)) == nil)
        #expect(NearestName.ordered([], near: "x").isEmpty)
    }
}
