// SPDX-License-Identifier: Apache-2.0
// Reelwork: pairs of names and values on the wire

package import ReelworkCore

// Bare tuples: they have no tagged section.

extension ResourceAmount: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "{str, uv}"
    /// The least that one takes.
    package static let byteCountMin = 2

    /// Reads it.
    package static func decode(
        from reader: inout WireReader
    ) throws(WireError) -> ResourceAmount {
        ResourceAmount(name: try reader.string("name"), amount: try reader.uvarint("amount"))
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(name)
        writer.uvarint(amount)
    }
}

extension Label: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "{str, str}"
    /// The least that one takes.
    package static let byteCountMin = 2

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Label {
        Label(name: try reader.string("label"), value: try reader.string("label"))
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(name)
        writer.string(value)
    }
}

extension Parameter: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "{str, str ≤ 32 KiB}"
    /// The least that one takes.
    package static let byteCountMin = 2

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Parameter {
        Parameter(
            key: try reader.string("parameters"),
            value: try reader.string("parameters", bytesMax: Limits.parameterBytesMax)
        )
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(key)
        writer.string(value)
    }
}

extension WireReader {
    /// Reads the states that a list is narrowed to; an unknown one is refused.
    @_lifetime(self: copy self)
    mutating func states(_ field: StaticString) throws(WireError) -> [JobState] {
        let count = try count(field, itemBytesMin: 1)
        var states: [JobState] = []
        states.reserveCapacity(count)
        for _ in 0..<count { states.append(try known(field, else: .queued)) }
        return states
    }
}

extension WireWriter {
    /// Writes the states that a list is narrowed to.
    mutating func states(_ states: [JobState]) {
        count(states.count)
        for state in states { u8(state.rawValue) }
    }
}
