// SPDX-License-Identifier: Apache-2.0
// Reelwork: writes bodies into a buffer that is used again

package import ReelworkCore

/// Writes values one after another into a buffer that keeps its memory between uses.
///
/// What does not fit the wire is held at the ends of its range: a negative moment or length of
/// time is written as 0. Caps are the reader's to check.
package struct WireWriter: ~Copyable {
    /// What was written.
    package internal(set) var bytes: [UInt8] = []

    /// Makes an empty writer with room for `capacity` bytes.
    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Forgets what was written and keeps the memory.
    package mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes a byte.
    package mutating func u8(_ value: UInt8) {
        bytes.append(value)
    }

    /// Writes yes as 1 and no as 0.
    package mutating func bool(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    /// Writes 8 bytes, little-endian.
    package mutating func u64(_ value: UInt64) {
        var rest = value
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Writes an IEEE 754 double, little-endian.
    package mutating func f64(_ value: Double) {
        u64(value.bitPattern)
    }

    /// Writes a ULEB128 number in its shortest form.
    package mutating func uvarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a count or length.
    package mutating func count(_ value: Int) {
        uvarint(UInt64(clamping: value))
    }

    /// Writes a zigzag number.
    package mutating func svarint(_ value: Int64) {
        uvarint(WireWriter.zigzag(value))
    }

    /// Writes milliseconds since 1970; earlier moments as 0.
    package mutating func timestamp(_ value: Timestamp) {
        uvarint(UInt64(clamping: value.milliseconds))
    }

    /// Writes whole milliseconds; negative lengths of time as 0.
    package mutating func duration(_ value: Duration) {
        uvarint(UInt64(clamping: value.wholeMilliseconds))
    }

    /// Writes a job's number.
    package mutating func jobNumber(_ value: JobNumber) {
        uvarint(value.rawValue)
    }

    /// Writes an attempt.
    package mutating func attempt(_ value: AttemptNumber) {
        uvarint(UInt64(value.rawValue))
    }

    /// Writes 16 bytes in the order of RFC 9562.
    package mutating func jobID(_ value: JobID) {
        u64(value.high.byteSwapped)
        u64(value.low.byteSwapped)
    }

    /// Writes a result code.
    package mutating func code(_ value: OpenEnum<ResultCode>) {
        uvarint(UInt64(value.rawValue))
    }

    /// Writes a string with its length before it.
    package mutating func string(_ value: String) {
        count(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    /// Writes a string that may be absent: its length and one, or 0.
    package mutating func optionalString(_ value: String?) {
        guard let value else { return u8(0) }
        count(value.utf8.count + 1)
        bytes.append(contentsOf: value.utf8)
    }

    /// Writes bytes with their length before them.
    package mutating func blob(_ value: [UInt8]) {
        count(value.count)
        bytes.append(contentsOf: value)
    }

    /// Writes bytes that may be absent: their length and one, or 0.
    package mutating func optionalBlob(_ value: [UInt8]?) {
        guard let value else { return u8(0) }
        count(value.count + 1)
        bytes.append(contentsOf: value)
    }

    /// Writes bytes without a length.
    package mutating func fixedBytes(_ value: [UInt8]) {
        bytes.append(contentsOf: value)
    }

    static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1 ^ value >> 63)
    }

    static func uvarintSize(_ value: UInt64) -> Int {
        max(1, (70 - value.leadingZeroBitCount) / 7)
    }
}
