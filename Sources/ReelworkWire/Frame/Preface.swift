// SPDX-License-Identifier: Apache-2.0
// Reelwork: what both prefaces have in common

// offset  size  client            server
//      0     8  magic             magic
//      8     1  lowest version    version chosen, 0 = none
//      9     1  highest version   status
//     10     2  role, 0           retry after, in units of 100 ms
//     12     4  CRC-32C of bytes 0–11

/// What both prefaces have in common; it is fixed for ever.
package enum Preface {
    /// Bytes of a preface.
    package static let byteCount = 16
    /// The protocol's version.
    package static let version: UInt8 = 1
    /// The first bytes: no text has them, and mangled line ends break them.
    package static let magic: [UInt8] = [0x89, 0x52, 0x4C, 0x57, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The four bytes between magic and checksum; nil where more bytes are needed.
    ///
    /// A wrong magic is found as soon as a byte of it is there, and bytes after the preface came
    /// too early. Failures are silent.
    static func middle(of bytes: RawSpan) throws(FrameError) -> (UInt8, UInt8, UInt8, UInt8)? {
        for index in 0..<min(bytes.byteCount, magic.count) {
            guard byte(bytes, index) == magic[index] else {
                throw FrameError(silent: "these are not the first bytes of this protocol")
            }
        }
        guard bytes.byteCount >= byteCount else { return nil }
        guard bytes.byteCount == byteCount else {
            throw FrameError(silent: "bytes came before the answer to the preface")
        }
        let sum = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: 12, as: UInt32.self)
        guard Checksum.crc32c(bytes.extracting(0..<12)) == UInt32(littleEndian: sum) else {
            throw FrameError(silent: "the preface's checksum is wrong")
        }
        return (byte(bytes, 8), byte(bytes, 9), byte(bytes, 10), byte(bytes, 11))
    }

    static func encode(_ middle: [UInt8]) -> [UInt8] {
        var bytes = magic + middle
        let sum = Checksum.crc32c(bytes.span.bytes)
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: sum >> shift))
        }
        return bytes
    }

    private static func byte(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt8.self)
    }
}
