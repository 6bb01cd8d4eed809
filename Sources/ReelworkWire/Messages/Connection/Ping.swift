// SPDX-License-Identifier: Apache-2.0
// Reelwork: PING and PONG

/// The body of PING and PONG: 8 opaque bytes, returned as they came; no tagged section.
package struct Ping: WireMessage {
    /// The bytes as a little-endian number.
    package var opaque: UInt64

    /// Makes a sign of life.
    package init(opaque: UInt64) {
        self.opaque = opaque
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "PING"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Ping {
        Ping(opaque: try reader.u64("opaque"))
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.u64(opaque)
    }
}
