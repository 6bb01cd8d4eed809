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

    /// How many letters must be put in, left out, changed or swapped with their neighbour
    /// (optimal string alignment), without regard to case.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let (left, right) = (left.map(folded), right.map(folded))
        var above: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var next = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1)
                best = min(best, next[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, above[column - 1] + 1)
                }
                next.append(best)
            }
            (above, last) = (last, next)
        }
        return last[right.count]
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
