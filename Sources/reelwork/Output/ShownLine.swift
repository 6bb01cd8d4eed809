// SPDX-License-Identifier: Apache-2.0
// Reelwork: text of users on a terminal

import ReelworkTelemetry

/// Text of users and schedulers as a terminal may see it.
enum ShownLine {
    /// The text with control bytes and directional marks escaped, on one line.
    static func escaped(_ text: String) -> String {
        let text = LogText.escaped(text)
        guard text.unicodeScalars.contains(where: isDirectional) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if isDirectional(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// Several lines, each escaped; a tab is four spaces.
    static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            escaped(String(line).replacing("\t", with: "    "))
        }
    }

    /// The text in lines of so many columns, broken at spaces.
    static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// The text cut to so many columns, with `…` where something is missing.
    static func cut(_ text: String, columns: Int) -> String {
        text.count <= columns ? text : String(text.prefix(max(0, columns - 1))) + "…"
    }

    /// The end of a path cut to so many columns: the file's name is what tells.
    static func cutPath(_ path: String, columns: Int) -> String {
        path.count <= columns ? path : "…" + String(path.suffix(max(0, columns - 1)))
    }

    /// A word for a shell: as it is where that is safe, quoted otherwise (POSIX.1, Quoting).
    static func shellWord(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case _: "-_./:=,+@%".utf8.contains(byte)
            }
        }
        if plain, !text.isEmpty { return text }
        return "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// Marks that turn the direction of text (Unicode UAX 9): they can make a line lie.
    private static func isDirectional(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            || (0x200E...0x200F).contains(scalar.value)
    }
}
