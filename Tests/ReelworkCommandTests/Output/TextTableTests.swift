// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of tables and of text on a terminal

import Testing

@testable import reelwork

// Goal: columns line up and no text of a user reaches a terminal raw. Method: lines compared.
// Security checklist 15 (escapes).
struct TextTableTests {
    @Test func linesUp() {
        var table = TextTable(">NUMBER", "STATE", "OUTPUT")
        table.add(["#1", "queued", "/a"])
        table.add(["#100000", "", "/b\u{1b}[31m\n"])
        #expect(
            table.lines(on: Terminal()) == [
                " NUMBER  STATE   OUTPUT",
                "     #1  queued  /a",
                "#100000  -       /b\\u{1b}[31m\\u{a}",
            ]
        )
    }

    @Test func coloursOnlyOnATerminal() {
        #expect(Terminal().styled("x", .red) == "x")
        #expect(Terminal(isColoured: true).styled("x", .red) == "\u{1b}[31mx\u{1b}[0m")
    }

    @Test func escapesMarksThatTurnText() {
        #expect(ShownLine.escaped("a\u{202E}b\u{200F}\u{7F}") == "a\\u{202e}b\\u{200f}\\u{7f}")
    }

    @Test(arguments: [
        ("plain-1.mp4", "plain-1.mp4"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"),
        ("!", "'!'"),
    ])
    func quotesWordsForAShell(_ text: String, _ wanted: String) {
        #expect(ShownLine.shellWord(text) == wanted)
    }

    @Test(arguments: [
        (UInt32(0), "░░░░"), (1_000, "████"), (500, "██░░"), (625, "██▌░"), (9_999, "████"),
    ])
    func fillsABar(_ permille: UInt32, _ wanted: String) {
        #expect(ProgressBar.text(permille: permille, columns: 4) == wanted)
    }

    @Test(arguments: [(3, "0:03"), (760, "12:40"), (3_723, "1:02:03")])
    func showsAClock(_ seconds: Int, _ wanted: String) {
        #expect(ProgressBar.clock(.seconds(seconds)) == wanted)
    }

    @Test func leavesOutSpareColumnsWhereTheTerminalIsNarrow() {
        var table = TextTable(">N", "SPARE", "STATE", "OUTPUT", spare: ["SPARE", "STATE"])
        table.add(["1", "wwwwwwwwww", "queued", "/out/a-long-name-of-a-film.mp4"])
        let wide = table.lines(on: Terminal(), columns: 80)
        #expect(
            wide == [
                "N  SPARE       STATE   OUTPUT",
                "1  wwwwwwwwww  queued  /out/a-long-name-of-a-film.mp4",
            ]
        )
        let narrow = table.lines(on: Terminal(), columns: 32)
        #expect(narrow == ["N  STATE   OUTPUT", "1  queued  …g-name-of-a-film.mp4"])
        let least = table.lines(on: Terminal(), columns: 20)
        #expect(least == ["N  OUTPUT", "1  …me-of-a-film.mp4"])
    }

    @Test func wrapsAtSpaces() {
        #expect(ShownLine.wrapped("one of a, b, c", columns: 9) == ["one of a,", "b, c"])
        #expect(ShownLine.wrapped("unbreakable", columns: 4) == ["unbreakable"])
    }
}
