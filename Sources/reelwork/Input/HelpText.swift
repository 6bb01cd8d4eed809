// SPDX-License-Identifier: Apache-2.0
// Reelwork: the words of `--help`

/// The words of `--help`, which are wrapped at the width of the terminal they are read on.
enum HelpText {
    /// Joins the lines of each paragraph; indented lines, the examples, stay as they are.
    static func flowing(_ text: String) -> String {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isPlain = !line.isEmpty && !line.hasPrefix(" ")
            if isPlain, let last = lines.last, !last.isEmpty, !last.hasPrefix(" ") {
                lines[lines.count - 1] = last + " " + line
            } else {
                lines.append(String(line))
            }
        }
        return lines.joined(separator: "\n")
    }
}
