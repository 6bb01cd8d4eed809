// SPDX-License-Identifier: Apache-2.0
// Reelwork: text of users as messages show it

/// Text of users and programs as messages show it: short, on one line, without control bytes.
public enum ShownText {
    /// The bytes of a text that are shown.
    public static let bytesMax = 64

    /// The text in quotes, cut to ``bytesMax`` bytes and with control bytes escaped.
    public static func quoted(_ text: String) -> String {
        let count = text.utf8.count
        let tail = count > bytesMax ? "… (\(count) bytes)" : ""
        return "\"\(escaped(text, bytesMax: bytesMax))\"\(tail)"
    }

    /// The text without quotes, cut to some bytes and with control bytes escaped.
    public static func cut(_ text: String, bytesMax: Int = 256) -> String {
        escaped(text, bytesMax: bytesMax) + (text.utf8.count > bytesMax ? "…" : "")
    }

    private static func escaped(_ text: String, bytesMax: Int) -> String {
        var shown = ""
        var used = 0
        for scalar in text.unicodeScalars {
            used += UTF8.width(scalar)
            guard used <= bytesMax else { break }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
                .unassigned:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            case _ where scalar == "\"" || scalar == "\\":
                shown += "\\"
                shown.unicodeScalars.append(scalar)
            case _:
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
