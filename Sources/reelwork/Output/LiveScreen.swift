// SPDX-License-Identifier: Apache-2.0
// Reelwork: lines that are drawn again

/// Lines that are drawn again in place (ECMA-48: CUU, EL, ED; the cursor is hidden meanwhile).
struct LiveScreen {
    private var lineCount = 0

    /// Draws these lines over the last ones.
    mutating func draw(_ lines: [String]) {
        var text = lineCount == 0 ? "\u{1b}[?25l" : "\u{1b}[\(lineCount)A"
        text += "\r"
        for line in lines { text += line + "\u{1b}[K\n" }
        if lines.count < lineCount { text += "\u{1b}[J" }
        lineCount = lines.count
        Output.text(text)
    }

    /// Leaves what was drawn last and shows the cursor again.
    mutating func end() {
        Output.text("\u{1b}[?25h")
        lineCount = 0
    }
}
