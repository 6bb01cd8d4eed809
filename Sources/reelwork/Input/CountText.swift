// SPDX-License-Identifier: Apache-2.0
// Reelwork: whole numbers on the command line

import ArgumentParser

/// Whole numbers as people write them, within a range that a refusal names.
enum CountText {
    /// A whole number, of digits alone; nil for anything else and for one beyond 64 bits.
    static func whole(_ text: String) -> UInt64? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return text.utf8.allSatisfy(digits.contains) ? UInt64(text) : nil
    }

    /// A reader for an option whose value lies in `range`.
    static func argument(
        _ range: ClosedRange<Int>
    ) -> @Sendable (String) throws -> Int {
        { text in
            guard let count = Int(text), range.contains(count) else {
                throw ValidationError(
                    "expected a whole number from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            return count
        }
    }
}
