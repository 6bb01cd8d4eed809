// SPDX-License-Identifier: Apache-2.0
// Reelwork: the hash of a film on the wire

internal import ReelworkCore

/// The hash of a film on the wire: a byte that says which, then the hash.
enum FilmHash {
    /// CRC-32C, 4 bytes, little-endian; the only kind of version 1.
    static let crc32cKind: UInt8 = 1
    static let crc32cByteCount = 5

    static func encode(_ checksum: UInt32) -> [UInt8] {
        [
            crc32cKind,
            UInt8(truncatingIfNeeded: checksum),
            UInt8(truncatingIfNeeded: checksum >> 8),
            UInt8(truncatingIfNeeded: checksum >> 16),
            UInt8(truncatingIfNeeded: checksum >> 24),
        ]
    }
}

extension WireReader {
    /// Reads a hash in its bytes; another kind or length is refused.
    @_lifetime(self: copy self)
    mutating func filmHash(_ field: StaticString) throws(WireError) -> UInt32 {
        let count = try length(field, bytesMax: Limits.blobBytesMax)
        guard count == FilmHash.crc32cByteCount else {
            refuse(field, expected: "kind 1 and 4 bytes", found: "\(count) bytes")
            offset += count
            return 0
        }
        let kind = try u8(field)
        if kind != FilmHash.crc32cKind {
            refuse(field, expected: "kind 1, CRC-32C", found: "kind \(kind)")
        }
        return try u32(field)
    }
}
