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
        let bytes = try blob(field)
        guard bytes.count == FilmHash.crc32cByteCount, bytes.first == FilmHash.crc32cKind else {
            refuse(
                field,
                expected: "kind 1 and 4 bytes of CRC-32C",
                found: "kind \(bytes.first ?? 0) in \(bytes.count) bytes"
            )
            return 0
        }
        var sum: UInt32 = 0
        for byte in bytes.dropFirst().reversed() { sum = sum << 8 | UInt32(byte) }
        return sum
    }
}
