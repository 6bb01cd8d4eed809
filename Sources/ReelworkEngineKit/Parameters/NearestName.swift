// SPDX-License-Identifier: Apache-2.0
// Reelwork: what somebody may have meant

/// What somebody may have meant by a name that nothing has.
public enum NearestName {
    /// Orders known names by how few letters differ from what was written; equal ones by name.
    public static func ordered(_ known: [String], near written: String) -> [String] {
        let target = Array(written.utf8.prefix(ShownText.bytesMax))
        let scored = known.map { (distance(Array($0.utf8), target), $0) }
        return scored.sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }.map(\.1)
    }

    /// The known name that is near enough to be suggested; nil where none is.
    public static func suggestion(_ known: [String], near written: String) -> String? {
        guard let best = ordered(known, near: written).first,
            written.utf8.count <= ShownText.bytesMax
        else { return nil }
        let apart = distance(Array(best.utf8), Array(written.utf8))
        return apart <= max(1, best.utf8.count / 2) ? best : nil
    }

    /// How many letters must be put in, left out or changed (Levenshtein), without regard to case.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let (left, right) = (left.map(folded), right.map(folded))
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in 0..<right.count {
                let changed = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
