// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads a body's bytes, and never traps

// Invariants: 0 ≤ offset ≤ end ≤ bytes.byteCount. `end` is the end of the innermost open tag, or
// of the body. Every read checks what is left before it touches a byte.

/// Reads a body's bytes in order.
///
/// Total over all input: each read gives a value or throws. A value that is well-formed but
/// senseless is noted with ``refuse(_:expected:found:)`` and reading goes on, so that a malformed
/// rest is found first and a bad item does not hide the others.
package struct WireReader: ~Copyable, ~Escapable {
    let bytes: RawSpan
    let message: StaticString
    /// The next byte to read, from the start of the body.
    package internal(set) var offset = 0
    var end: Int
    /// The index of the list item being read; errors name it.
    package var item: Int?
    /// The first senseless value that was met.
    package internal(set) var refusal: WireFault?

    /// Begins to read a body; `message` names it in errors.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, message: StaticString) {
        self.bytes = bytes
        self.message = message
        end = bytes.byteCount
    }

    /// Bytes left in the body, or in the tag that is open.
    package var bytesLeft: Int { end - offset }

    /// Ends the body: no byte may be left, and no senseless value noted.
    package func finish() throws(WireError) {
        guard offset == end else {
            throw malformed(
                "end",
                expected: "the end of the body",
                found: "\(bytesLeft) bytes more"
            )
        }
        if let refusal { throw .invalid(refusal) }
    }

    /// Notes a senseless value; the first one noted is thrown at the end.
    @inline(never)
    @_lifetime(self: copy self)
    package mutating func refuse(_ field: StaticString, expected: String, found: String) {
        guard refusal == nil else { return }
        refusal = fault(field, expected: expected, found: found)
    }

    /// Takes the noted senseless value away, so that it counts for one item only.
    @_lifetime(self: copy self)
    package mutating func takeRefusal() -> WireFault? {
        guard let taken = refusal else { return nil }
        refusal = nil
        return taken
    }

    @inline(never)
    func fault(_ field: StaticString, expected: String, found: String) -> WireFault {
        WireFault(
            message: "\(message)",
            field: "\(field)",
            offset: offset,
            item: item,
            expected: expected,
            found: found
        )
    }

    @inline(never)
    func malformed(_ field: StaticString, expected: String, found: String) -> WireError {
        .malformed(fault(field, expected: expected, found: found))
    }

    @inline(never)
    func truncated(_ field: StaticString, wanted: UInt64) -> WireError {
        malformed(field, expected: "\(wanted) bytes", found: "\(bytesLeft) bytes left")
    }

    /// Checks that `count` bytes are left.
    @inline(__always)
    func need(_ count: Int, _ field: StaticString) throws(WireError) {
        guard count <= end - offset else { throw truncated(field, wanted: UInt64(count)) }
    }

    /// Loads a fixed-width number whose bytes were checked with ``need(_:_:)``.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func load<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> Value {
        let value = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
        offset += MemoryLayout<Value>.size
        return Value(littleEndian: value)
    }
}
