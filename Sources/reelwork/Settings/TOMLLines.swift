// SPDX-License-Identifier: Apache-2.0
// Reelwork: in which line a setting stands

/// In which line of a TOML text a setting stands; for messages, because TOMLKit does not tell.
///
/// It knows `[section]` and `key = value`; a key that is written in another way has no line.
struct TOMLLines {
    private var lines: [String: Int] = [:]

    init(_ text: String) {
        var section = ""
        for (index, line) in text.split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        .enumerated() {
            let words = line.drop { $0 == " " || $0 == "\t" }
            if words.hasPrefix("["), let end = words.firstIndex(of: "]") {
                section = TOMLLines.plain(words[words.index(after: words.startIndex)..<end]) + "."
            } else if let sign = words.firstIndex(of: "="), !words.hasPrefix("#") {
                let name = section + TOMLLines.plain(words[..<sign])
                if lines[name] == nil { lines[name] = index + 1 }
            }
        }
    }

    /// The line, from 1; 0 where it is not known.
    ///
    /// Quotes and blanks do not count: a name in quotes is found as it is.
    func line(of name: String) -> Int { lines[TOMLLines.plain(name[...])] ?? 0 }

    private static func plain(_ text: Substring) -> String {
        String(text.filter { !" \t\"'".contains($0) })
    }
}
