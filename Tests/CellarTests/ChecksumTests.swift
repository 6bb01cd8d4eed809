// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of CRC-32C, by instruction and by tables.

import CChecksum
import Testing

// Goal: both ways of reckoning give the sum that RFC 3720 means, however the bytes are cut.
// Method: published vectors, a bit-by-bit reference, and every cut of short inputs.
struct ChecksumTests {
    typealias Sum = @Sendable (UInt32, UnsafeRawPointer?, Int) -> UInt32

    static let ways: [(name: String, sum: Sum)] = [
        ("chosen", { reelwork_crc32c($0, $1, $2) }),
        ("tables", { reelwork_crc32c_portable($0, $1, $2) }),
        ("instruction", { reelwork_crc32c_hardware($0, $1, $2) }),
    ]

    // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
    static let vectors: [(bytes: [UInt8], expected: UInt32)] = [
        (Array("123456789".utf8), 0xE306_9283),
        ([], 0),
        ([UInt8](repeating: 0x00, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ([UInt8](0..<32), 0x46DD_794E),
        ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
    ]

    @Test(arguments: Self.vectors)
    func knownSums(bytes: [UInt8], expected: UInt32) {
        for way in Self.ways {
            #expect(Self.sum(bytes[...], by: way.sum) == expected, "\(way.name)")
        }
    }

    @Test func everyCutEqualsTheWhole() {
        let bytes = Self.noise(count: 67)
        for way in Self.ways {
            let whole = Self.sum(bytes[...], by: way.sum)
            for cut in 0...bytes.count {
                let head = Self.sum(bytes[..<cut], by: way.sum)
                #expect(Self.sum(bytes[cut...], from: head, by: way.sum) == whole)
            }
        }
    }

    @Test func everyLengthAndAlignmentEqualsTheReference() {
        let bytes = Self.noise(count: 300)
        for start in 0..<9 {
            for count in [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 255, 291] {
                let slice = bytes[start..<(start + count)]
                let expected = Self.reference(slice)
                for way in Self.ways {
                    #expect(Self.sum(slice, by: way.sum) == expected, "\(way.name) \(count)")
                }
            }
        }
    }

    @Test func nothingMayBeNull() {
        for way in Self.ways {
            #expect(way.sum(0x1234_5678, nil, 0) == 0x1234_5678)
        }
    }

    private static func sum(
        _ bytes: ArraySlice<UInt8>,
        from start: UInt32 = 0,
        by way: Sum
    ) -> UInt32 {
        bytes.withUnsafeBytes { way(start, $0.baseAddress, $0.count) }
    }

    /// The definition, a bit at a time.
    private static func reference(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 {
                crc = crc >> 1 ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0)
            }
        }
        return ~crc
    }

    private static func noise(count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return UInt8(truncatingIfNeeded: state)
        }
    }
}
