// SPDX-License-Identifier: Apache-2.0
// Reelwork: what stands at the end of standard output

import Glibc

/// What stands at the end of standard output: a terminal of some size, or something else.
struct Terminal: Sendable {
    /// Whether it is a terminal that can move its cursor.
    var isInteractive: Bool
    /// Whether it is to be coloured (https://no-color.org).
    var isColoured: Bool

    /// Standard output.
    static let output = Terminal(descriptor: STDOUT_FILENO)

    init(descriptor: Int32) {
        let kind = Environment.value("TERM") ?? ""
        isInteractive = isatty(descriptor) == 1 && kind != "dumb" && !kind.isEmpty
        isColoured = isInteractive && (Environment.value("NO_COLOR") ?? "").isEmpty
    }

    /// One that is neither interactive nor coloured.
    init(isInteractive: Bool = false, isColoured: Bool = false) {
        self.isInteractive = isInteractive
        self.isColoured = isColoured
    }

    /// Columns and rows now; 80 and 24 where they are not known.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (max(20, Int(size.ws_col)), max(4, Int(size.ws_row)))
    }

    /// The text in a style, where there are colours (ECMA-48, SGR).
    func styled(_ text: String, _ style: Style) -> String {
        isColoured && !text.isEmpty ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// The styles in use.
    enum Style: String {
        case bold = "1"
        case faint = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case cyan = "36"
    }
}
