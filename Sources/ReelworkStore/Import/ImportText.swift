// SPDX-License-Identifier: Apache-2.0
// Reelwork: texts of the predecessor within our bounds

import ReelworkCore

/// Texts of the predecessor within our bounds.
enum ImportText {
    /// A text without spaces and control characters around it; nil where nothing is left.
    static func filled(_ text: String?) -> String? {
        guard let text, let first = text.utf8.first, let last = text.utf8.last else { return nil }
        if first > 0x20, last > 0x20 { return text }
        var rest = text.utf8[...]
        while let byte = rest.first, byte <= 0x20 { rest.removeFirst() }
        while let byte = rest.last, byte <= 0x20 { rest.removeLast() }
        return rest.isEmpty ? nil : String(rest)
    }

    /// As much of a text as fits into so many bytes, cut between characters.
    static func cut(_ text: String, bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var kept = ""
        var count = 0
        for scalar in text.unicodeScalars {
            let size = UTF8.width(scalar)
            guard count + size <= bytes - ImportText.mark.utf8.count else { break }
            count += size
            kept.unicodeScalars.append(scalar)
        }
        return kept + ImportText.mark
    }

    /// A word as the report quotes it.
    static func quoted(_ text: String) -> String { "\"\(cut(text, bytes: 80))\"" }

    /// The idempotency key of a job: `import:` and its id, or a part of it with its digest.
    static func key(_ id: String) -> String {
        let key = keyPrefix + id
        guard key.utf8.count > Limits.keyBytesMax else { return key }
        // The same in every run of every program: a second import must know the job again.
        var digest: UInt64 = 0
        for byte in id.utf8 { digest = OpenSetDigest.mix(digest ^ UInt64(byte)) }
        return cut(key, bytes: Limits.keyBytesMax - 17) + "-" + String(digest, radix: 16)
    }

    /// What the key of every imported job begins with.
    static let keyPrefix = "import:"
    private static let mark = "…"
}
