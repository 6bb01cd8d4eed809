// SPDX-License-Identifier: Apache-2.0
// Reelwork: the 24 bytes before each body

package import ReelworkCore

// offset  size  field
//      0     4  wire_len       bytes after the header; the top byte is a tripwire and stays 0
//      4     1  type           how the frame is correlated
//      5     1  flags          bit 0 COMPRESSED
//      6     2  method         bits 15–4 method id, bits 3–0 schema version
//      8     4  request_id     0 = the connection
//     12     4  plain_len      length after inflating
//     16     4  payload_crc    CRC-32C of the wire payload
//     20     4  header_crc     CRC-32C of bytes 0–19

/// The header of a frame.
package struct FrameHeader: Hashable, Sendable {
    /// Bytes that follow the header.
    package var wireLength: UInt32
    /// The type's number; see ``kind``.
    package var type: UInt8
    /// The flags.
    package var flags: UInt8
    /// Method id and schema version, as they stand on the wire.
    package var methodField: UInt16
    /// The request; 0 = the connection.
    package var requestID: UInt32
    /// Length of the body once it is inflated.
    package var plainLength: UInt32
    /// CRC-32C of the bytes that follow, as they are on the wire.
    package var payloadChecksum: UInt32

    /// Makes a header.
    package init(
        type: UInt8,
        flags: UInt8 = 0,
        methodField: UInt16 = 0,
        requestID: UInt32 = 0,
        wireLength: UInt32,
        plainLength: UInt32,
        payloadChecksum: UInt32
    ) {
        self.type = type
        self.flags = flags
        self.methodField = methodField
        self.requestID = requestID
        self.wireLength = wireLength
        self.plainLength = plainLength
        self.payloadChecksum = payloadChecksum
    }

    /// Bytes of a header.
    package static let byteCount = 24
    static let blank = [UInt8](repeating: 0, count: byteCount)
    /// The only flag of version 1: the payload is a zlib stream.
    package static let compressedFlag: UInt8 = 1
    /// Types from here on may be dropped once they were checked.
    package static let ignorableTypesFrom: UInt8 = 0x80

    /// Which frame it is, for errors.
    var words: String {
        let name = Method(rawValue: methodField >> 4)?.name
        return "frame of type \(type)" + (name.map { ", \($0)" } ?? "") + ", request \(requestID)"
    }

    /// The type where this version knows it.
    package var kind: FrameKind? { FrameKind(rawValue: type) }
    /// Whether the payload is a zlib stream.
    package var isCompressed: Bool { flags & FrameHeader.compressedFlag != 0 }
    /// Whether a reader that does not know the type drops it.
    package var isIgnorable: Bool { type >= FrameHeader.ignorableTypesFrom }
    /// The method where this version knows it.
    package var method: Method? { Method(rawValue: methodField >> 4) }
    /// The schema version of the body.
    package var version: UInt8 { UInt8(methodField & 0xF) }

    /// What stands in the header for a method in a schema version.
    package static func field(_ method: Method, version: UInt8 = 1) -> UInt16 {
        method.rawValue << 4 | UInt16(version & 0xF)
    }

    /// Reads a header from the first 24 bytes; its own checksum comes first, then the tripwire.
    ///
    /// A failure is silent: nothing that was read can be believed.
    package init(reading bytes: RawSpan) throws(FrameError) {
        guard bytes.byteCount >= FrameHeader.byteCount else {
            throw FrameError(silent: "a header of \(bytes.byteCount) bytes instead of 24")
        }
        func number<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> Value {
            Value(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset,
                    as: Value.self
                )
            )
        }
        guard Checksum.crc32c(bytes.extracting(0..<20)) == number(20) else {
            throw FrameError(silent: "the header's checksum is wrong")
        }
        wireLength = number(0)
        guard wireLength >> 24 == 0 else {
            throw FrameError(silent: "the top byte of the length is not 0")
        }
        type = number(4)
        flags = number(5)
        methodField = number(6)
        requestID = number(8)
        plainLength = number(12)
        payloadChecksum = number(16)
    }

    /// Writes the 24 bytes, with their checksum, to the first of `target`, which must have room.
    package func store(into target: UnsafeMutableRawBufferPointer) {
        func put<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
            target.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
        }
        put(wireLength, 0)
        put(type, 4)
        put(flags, 5)
        put(methodField, 6)
        put(requestID, 8)
        put(plainLength, 12)
        put(payloadChecksum, 16)
        put(Checksum.crc32c(UnsafeRawBufferPointer(rebasing: target[..<20]).bytes), 20)
    }

    /// The 24 bytes.
    package var encoded: [UInt8] {
        var writer = WireWriter(capacity: FrameHeader.byteCount)
        writer.frameHeaderSpace()
        writer.put(self, at: 0)
        return writer.bytes
    }
}

extension WireWriter {
    /// Leaves room for a header.
    mutating func frameHeaderSpace() {
        bytes.append(contentsOf: FrameHeader.blank)
    }

    /// Writes a header with its checksum over the 24 bytes at `start`.
    mutating func put(_ header: FrameHeader, at start: Int) {
        bytes.withUnsafeMutableBytes { buffer in
            header.store(
                into: UnsafeMutableRawBufferPointer(
                    rebasing: buffer[start..<start + FrameHeader.byteCount]
                )
            )
        }
    }
}
