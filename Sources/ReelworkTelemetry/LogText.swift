// SPDX-License-Identifier: Apache-2.0
// Reelwork: text that is safe in a log

/// Text that is safe in a log or on a terminal.
package enum LogText {
    /// The text with control characters written as `\u{1b}`.
    package static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text as the value of a field: in quotes where it would else end before its end, so that
    /// no text of a user looks like a further field.
    package static func field(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && $0 != "=" }
        guard !isPlain || text.isEmpty else { return escaped(text) }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return escaped(result + "\"")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
