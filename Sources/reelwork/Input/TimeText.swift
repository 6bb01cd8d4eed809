// SPDX-License-Identifier: Apache-2.0
// Reelwork: times as people write them

import Foundation
import ReelworkCore

/// Times as people write them: RFC 3339, or a duration from now.
enum TimeText {
    /// What is understood, for messages.
    static let form =
        "a time such as 2030-01-31T08:00:00Z, or a duration from now such as 10m"

    /// Reads a time; nil for anything else.
    static func read(_ text: String, now: Timestamp) -> Timestamp? {
        let text = text.hasPrefix("+") ? String(text.dropFirst()) : text
        if let wait = DurationText.read(text) { return now.advanced(by: wait) }
        for isFractional in [false, true] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: isFractional)
            guard let date = try? style.parse(text) else { continue }
            let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
            guard abs(milliseconds) < 1e15 else { return nil }
            return Timestamp(milliseconds: Int64(milliseconds))
        }
        return nil
    }
}
