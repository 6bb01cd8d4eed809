// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads enumerations

package import ReelworkCore

extension WireReader {
    /// Reads an enumeration's byte in an answer or event: an unknown number is kept.
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func open<Value>(
        _ field: StaticString,
        as type: Value.Type
    ) throws(WireError) -> OpenEnum<Value> where Value.RawValue == UInt8 {
        OpenEnum(rawValue: try u8(field))
    }

    /// Reads an enumeration's byte in an answer, where 0 says that there is none.
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func openOrNone<Value>(
        _ field: StaticString,
        as type: Value.Type
    ) throws(WireError) -> OpenEnum<Value>? where Value.RawValue == UInt8 {
        let raw = try u8(field)
        return raw == 0 ? nil : OpenEnum(rawValue: raw)
    }

    /// Reads a result code: at most 16 bits, an unknown one is kept.
    @_lifetime(self: copy self)
    package mutating func code(_ field: StaticString) throws(WireError) -> OpenEnum<ResultCode> {
        OpenEnum(rawValue: try uvarint(field, as: UInt16.self))
    }

    /// Reads an enumeration's byte in a request: an unknown number is refused, and `fallback`
    /// stands in for it until then.
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func known<Value: RawRepresentable<UInt8> & CaseIterable>(
        _ field: StaticString,
        else fallback: Value
    ) throws(WireError) -> Value {
        let raw = try u8(field)
        if let value = Value(rawValue: raw) { return value }
        refuseNumber(field, raw, among: Value.allCases.map(\.rawValue))
        return fallback
    }

    /// Reads an enumeration's byte in a request, where 0 says "none" or "the server's default".
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func knownOrNone<Value: RawRepresentable<UInt8> & CaseIterable>(
        _ field: StaticString,
        as type: Value.Type
    ) throws(WireError) -> Value? {
        let raw = try u8(field)
        guard raw > 0 else { return nil }
        if let value = Value(rawValue: raw) { return value }
        refuseNumber(field, raw, among: [0] + Value.allCases.map(\.rawValue))
        return nil
    }

    /// Reads a yes or no in a request: other numbers than 0 and 1 are refused.
    @_lifetime(self: copy self)
    package mutating func knownBool(_ field: StaticString) throws(WireError) -> Bool {
        let raw = try u8(field)
        if raw > 1 { refuseNumber(field, raw, among: [0, 1]) }
        return raw != 0
    }

    /// Reads a yes or no in an answer or event: any number but 0 is yes.
    @_lifetime(self: copy self)
    package mutating func openBool(_ field: StaticString) throws(WireError) -> Bool {
        try u8(field) != 0
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func refuseNumber(
        _ field: StaticString,
        _ raw: UInt8,
        among numbers: [UInt8]
    ) {
        let words = numbers.sorted().map { "\($0)" }.joined(separator: ", ")
        refuse(field, expected: "one of \(words)", found: "\(raw)")
    }
}
