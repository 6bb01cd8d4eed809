// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads strings, bytes and counts

internal import ReelworkCore

extension WireReader {
    /// Reads a string: valid UTF-8 of at most `bytesMax` bytes.
    @_lifetime(self: copy self)
    package mutating func string(
        _ field: StaticString,
        bytesMax: Int = Limits.stringBytesMax
    ) throws(WireError) -> String {
        let count = try length(field, bytesMax: bytesMax)
        return try text(field, count: count)
    }

    /// Reads a string that may be absent.
    @_lifetime(self: copy self)
    package mutating func optionalString(
        _ field: StaticString,
        bytesMax: Int = Limits.stringBytesMax
    ) throws(WireError) -> String? {
        guard let count = try optionalLength(field, bytesMax: bytesMax) else { return nil }
        return try text(field, count: count)
    }

    /// Reads bytes with their length before them.
    @_lifetime(self: copy self)
    package mutating func blob(
        _ field: StaticString,
        bytesMax: Int = Limits.blobBytesMax
    ) throws(WireError) -> [UInt8] {
        let count = try length(field, bytesMax: bytesMax)
        return copy(count)
    }

    /// Reads bytes that may be absent.
    @_lifetime(self: copy self)
    package mutating func optionalBlob(
        _ field: StaticString,
        bytesMax: Int = Limits.blobBytesMax
    ) throws(WireError) -> [UInt8]? {
        guard let count = try optionalLength(field, bytesMax: bytesMax) else { return nil }
        return copy(count)
    }

    /// Reads exactly `count` bytes without a length.
    @_lifetime(self: copy self)
    package mutating func fixedBytes(
        _ field: StaticString,
        count: Int
    ) throws(WireError) -> [UInt8] {
        try need(count, field)
        return copy(count)
    }

    /// Reads a list's count: at most `max`, and no more items than the bytes left can hold.
    @_lifetime(self: copy self)
    package mutating func count(
        _ field: StaticString,
        itemBytesMin: Int,
        max: Int = Limits.listItemsMax
    ) throws(WireError) -> Int {
        let raw = try uvarint(field)
        guard raw <= UInt64(max) else {
            throw malformed(field, expected: "at most \(max) items", found: "\(raw)")
        }
        guard raw.multipliedFullWidth(by: UInt64(itemBytesMin)) <= (0, UInt64(end - offset)) else {
            throw malformed(
                field,
                expected: "\(raw) items of \(itemBytesMin) bytes or more",
                found: "\(bytesLeft) bytes left"
            )
        }
        return Int(raw)
    }

    /// Skips bytes with their length before them.
    @_lifetime(self: copy self)
    package mutating func skipBlob(_ field: StaticString, bytesMax: Int) throws(WireError) {
        offset += try length(field, bytesMax: bytesMax)
    }

    /// Reads a length: at most `bytesMax`, and no more than the bytes left.
    @_lifetime(self: copy self)
    mutating func length(
        _ field: StaticString,
        bytesMax: Int
    ) throws(WireError) -> Int {
        try checked(try uvarint(field), field, bytesMax: bytesMax)
    }

    @_lifetime(self: copy self)
    private mutating func optionalLength(
        _ field: StaticString,
        bytesMax: Int
    ) throws(WireError) -> Int? {
        let raw = try uvarint(field)
        guard raw > 0 else { return nil }
        return try checked(raw - 1, field, bytesMax: bytesMax)
    }

    private func checked(
        _ raw: UInt64,
        _ field: StaticString,
        bytesMax: Int
    ) throws(WireError) -> Int {
        guard raw <= UInt64(bytesMax) else {
            throw malformed(field, expected: "at most \(bytesMax) bytes", found: "\(raw) bytes")
        }
        guard raw <= UInt64(end - offset) else { throw truncated(field, wanted: raw) }
        return Int(raw)
    }

    @_lifetime(self: copy self)
    private mutating func text(
        _ field: StaticString,
        count: Int
    ) throws(WireError) -> String {
        guard count > 0 else { return "" }
        let text = bytes.extracting(offset..<offset + count).withUnsafeBytes { raw -> String? in
            // The generic `String(validating:as:)` looks types up at run time at each call.
            let units = raw.assumingMemoryBound(to: UInt8.self)
            guard let valid = try? UTF8Span(validating: units.span) else { return nil }
            return String(copying: valid)
        }
        guard let text else {
            throw malformed(field, expected: "valid UTF-8", found: "other bytes")
        }
        offset += count
        return text
    }

    @_lifetime(self: copy self)
    private mutating func copy(_ count: Int) -> [UInt8] {
        let copied = bytes.extracting(offset..<offset + count).withUnsafeBytes { [UInt8]($0) }
        offset += count
        return copied
    }
}
