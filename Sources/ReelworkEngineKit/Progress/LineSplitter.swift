// SPDX-License-Identifier: Apache-2.0
// Reelwork: bytes to lines of a bounded length

import ReelworkCore

/// Splits bytes that come in pieces into lines, and drops lines that are too long.
///
/// A line ends with a line feed or a carriage return, which is left off.
public struct LineSplitter: Sendable {
    /// The longest line that is kept.
    public let lineBytesMax: Int
    /// How many lines were dropped because they were longer.
    public private(set) var droppedCount = 0
    private var line: [UInt8] = []
    private var isDropping = false

    /// Makes a splitter.
    ///
    /// - Parameter lineBytesMax: `Limits.progressLineBytesMax` unless said otherwise.
    public init(lineBytesMax: Int? = nil) {
        self.lineBytesMax = max(lineBytesMax ?? Limits.progressLineBytesMax, 1)
    }

    /// Reads some bytes and hands out each line that they complete; empty lines are left out.
    public mutating func consume(_ bytes: some Sequence<UInt8>, each: ([UInt8]) -> Void) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if !isDropping, !line.isEmpty { each(line) }
                line.removeAll(keepingCapacity: true)
                isDropping = false
            } else if isDropping {
                continue
            } else if line.count == lineBytesMax {
                isDropping = true
                if droppedCount < Int.max { droppedCount += 1 }
                line.removeAll(keepingCapacity: true)
            } else {
                line.append(byte)
            }
        }
    }
}
