// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads numbers, moments and lengths of time

package import ReelworkCore

extension WireReader {
    /// Reads a byte.
    @_lifetime(self: copy self)
    package mutating func u8(_ field: StaticString) throws(WireError) -> UInt8 {
        try need(1, field)
        return load(UInt8.self)
    }

    /// Reads 2 bytes, little-endian.
    @_lifetime(self: copy self)
    package mutating func u16(_ field: StaticString) throws(WireError) -> UInt16 {
        try need(2, field)
        return load(UInt16.self)
    }

    /// Reads 4 bytes, little-endian.
    @_lifetime(self: copy self)
    package mutating func u32(_ field: StaticString) throws(WireError) -> UInt32 {
        try need(4, field)
        return load(UInt32.self)
    }

    /// Reads 8 bytes, little-endian.
    @_lifetime(self: copy self)
    package mutating func u64(_ field: StaticString) throws(WireError) -> UInt64 {
        try need(8, field)
        return load(UInt64.self)
    }

    /// Reads an IEEE 754 double, little-endian; every bit pattern is allowed.
    @_lifetime(self: copy self)
    package mutating func f64(_ field: StaticString) throws(WireError) -> Double {
        Double(bitPattern: try u64(field))
    }

    /// Reads a ULEB128 number in its shortest form: at most ten bytes, the tenth at most 1.
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func uvarint(_ field: StaticString) throws(WireError) -> UInt64 {
        try need(1, field)
        let first = load(UInt8.self)
        // Most numbers and lengths have one byte.
        guard first >= 0x80 else { return UInt64(first) }
        return try longUvarint(first, field)
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func longUvarint(
        _ first: UInt8,
        _ field: StaticString
    ) throws(WireError) -> UInt64 {
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while true {
            guard offset < end else {
                throw malformed(field, expected: "a whole uvarint", found: "its first bytes")
            }
            let byte = load(UInt8.self)
            if shift == 63, byte > 1 {
                throw malformed(field, expected: "a uvarint of 64 bits", found: "a longer one")
            }
            value |= UInt64(byte & 0x7F) << shift
            guard byte >= 0x80 else {
                guard byte != 0 else {
                    throw malformed(
                        field,
                        expected: "the shortest uvarint",
                        found: "one with a zero at its end"
                    )
                }
                return value
            }
            shift += 7
        }
    }

    /// Reads a zigzag number.
    @_lifetime(self: copy self)
    package mutating func svarint(_ field: StaticString) throws(WireError) -> Int64 {
        let raw = try uvarint(field)
        return Int64(bitPattern: raw >> 1) ^ (raw & 1 == 0 ? 0 : -1)
    }

    /// Reads a uvarint that fits `type`; a greater one is malformed.
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func uvarint<Value: FixedWidthInteger>(
        _ field: StaticString,
        as type: Value.Type
    ) throws(WireError) -> Value {
        let raw = try uvarint(field)
        guard let value = Value(exactly: raw) else {
            throw malformed(field, expected: "a number up to \(Value.max)", found: "\(raw)")
        }
        return value
    }

    /// Reads milliseconds since 1970; more than 63 bits are malformed.
    @_lifetime(self: copy self)
    package mutating func timestamp(_ field: StaticString) throws(WireError) -> Timestamp {
        Timestamp(milliseconds: try uvarint(field, as: Int64.self))
    }

    /// Reads a length of time in milliseconds; more than 63 bits are malformed.
    @_lifetime(self: copy self)
    package mutating func duration(_ field: StaticString) throws(WireError) -> Duration {
        .milliseconds(try uvarint(field, as: Int64.self))
    }

    /// Reads a job's number.
    @_lifetime(self: copy self)
    package mutating func jobNumber(_ field: StaticString) throws(WireError) -> JobNumber {
        JobNumber(try uvarint(field))
    }

    /// Reads an attempt; more than 32 bits are malformed.
    @_lifetime(self: copy self)
    package mutating func attempt(_ field: StaticString) throws(WireError) -> AttemptNumber {
        AttemptNumber(try uvarint(field, as: UInt32.self))
    }

    /// Reads 16 bytes in the order of RFC 9562.
    @_lifetime(self: copy self)
    package mutating func jobID(_ field: StaticString) throws(WireError) -> JobID {
        try need(16, field)
        let high = load(UInt64.self).byteSwapped
        let low = load(UInt64.self).byteSwapped
        return JobID(high: high, low: low)
    }
}
