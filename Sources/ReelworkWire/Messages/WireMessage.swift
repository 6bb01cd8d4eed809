// SPDX-License-Identifier: Apache-2.0
// Reelwork: a body and its two directions

/// A body of a frame, or a struct within one.
package protocol WireMessage: Hashable, Sendable {
    /// The name in the specification, for errors.
    static var wireName: StaticString { get }
    /// Reads it; bytes after it are the caller's to judge.
    static func decode(from reader: inout WireReader) throws(WireError) -> Self
    /// Writes it.
    func encode(into writer: inout WireWriter)
    /// Whether it carries a secret: then its frame is never compressed (CRIME).
    ///
    /// It may take time, and is asked only where a frame would be compressed.
    var carriesSecrets: Bool { get }
}

extension WireMessage {
    /// Most bodies carry none.
    package var carriesSecrets: Bool { false }

    /// Reads a whole body: all bytes, and all values must make sense.
    package static func decode(_ bytes: RawSpan) throws(WireError) -> Self {
        var reader = WireReader(bytes, message: wireName)
        let message = try decode(from: &reader)
        try reader.finish()
        return message
    }

    /// The body's bytes.
    package var encoded: [UInt8] {
        var writer = WireWriter()
        encode(into: &writer)
        return writer.bytes
    }
}
