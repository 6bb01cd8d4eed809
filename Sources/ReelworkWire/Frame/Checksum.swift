// SPDX-License-Identifier: Apache-2.0
// Reelwork: CRC-32C of spans

internal import CChecksum

/// CRC-32C: polynomial 1EDC6F41 reflected, start and final XOR all ones (RFC 3720, appendix B.4).
package enum Checksum {
    /// The sum of `bytes`, or of what came before with sum `earlier` and then `bytes`.
    package static func crc32c(_ bytes: RawSpan, after earlier: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { reelwork_crc32c(earlier, $0.baseAddress, $0.count) }
    }
}
