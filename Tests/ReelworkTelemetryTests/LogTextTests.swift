// SPDX-License-Identifier: Apache-2.0
// Reelwork: texts of users in a log

import ReelworkTelemetry
import Testing

// Goal: no text of a user ends a line, turns a terminal, or looks like a further field.
// Security checklist 15 (log injection). Method: tables of texts and of what is written.
struct LogTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\nb", #"a\u{a}b"#), ("a\r\n", #"a\u{d}\u{a}"#),
        ("\u{1B}[31m", #"\u{1b}[31m"#), ("\u{0}", #"\u{0}"#), ("\u{7F}\u{9B}", #"\u{7f}\u{9b}"#),
        ("\u{85}\u{2028}\u{2029}", #"\u{85}\u{2028}\u{2029}"#), ("ä “x” 🎬", "ä “x” 🎬"),
    ])
    func controlCharactersAreWrittenOut(text: String, written: String) {
        #expect(LogText.escaped(text) == written)
    }

    @Test(arguments: [
        ("w1", "w1"), ("", "\"\""), ("w1 actor=admin", "\"w1 actor=admin\""), ("a=b", "\"a=b\""),
        ("a\"b", #""a\"b""#), ("a\" level=x", #""a\" level=x""#), ("a\\\" b", #""a\\\" b""#),
        ("a\n b", #""a\u{a} b""#),
    ])
    func aValueIsOneValue(text: String, written: String) {
        #expect(LogText.field(text) == written)
    }
}
