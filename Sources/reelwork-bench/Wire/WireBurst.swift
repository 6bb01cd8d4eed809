// SPDX-License-Identifier: Apache-2.0
// Reelwork: requests that are made once

import NIOCore
import ReelworkCore
import ReelworkWire

// Invariants: ids of a burst are high + 1, high + 3 …; `high` has no bit that these numbers have,
// and rises from burst to burst.

/// The requests that a connection sends at a time, made once: from burst to burst their ids rise,
/// as the protocol wants it, and nothing else changes.
///
/// No checksum is computed anew. CRC-32C is linear: where the high bits of the ids change, the sums
/// of all headers change by the same bits, which one sum tells.
struct WireBurst {
    /// What is sent.
    private(set) var bytes = ByteBuffer()
    /// The ids with `high` 0, and the sums of the headers with these.
    private var headers: [(id: UInt32, checksum: UInt32)] = []
    private var high: UInt32 = 0
    /// What `high` rises by: the lowest power of two above all numbers of a burst.
    private let step: UInt32

    private static let idAt = 8
    private static let checksumAt = 20
    private static let blank = [UInt8](repeating: 0, count: checksumAt)
    private static let blankChecksum = Checksum.crc32c(blank.span.bytes)

    /// Makes a burst of `count` requests.
    init(count: Int) {
        var step: UInt32 = 1
        while step < count * 2 { step *= 2 }
        self.step = step
        let body = WirePlan.body
        for index in 0..<count {
            let id = UInt32(index * 2 + 1)
            let header = FrameHeader(
                type: FrameKind.request.rawValue,
                methodField: FrameHeader.field(.heartbeat),
                requestID: id,
                wireLength: UInt32(body.count),
                plainLength: UInt32(body.count),
                payloadChecksum: Checksum.crc32c(body.span.bytes)
            ).encoded
            let fields = Array(header[..<WireBurst.checksumAt])
            headers.append((id, Checksum.crc32c(fields.span.bytes)))
            bytes.writeBytes(header)
            bytes.writeBytes(body)
        }
    }

    /// Gives the requests the next ids; false where there are none left.
    mutating func renew() -> Bool {
        let (next, overflow) = high.addingReportingOverflow(step)
        guard !overflow else { return false }
        high = next
        var fields = WireBurst.blank
        fields.withUnsafeMutableBytes {
            $0.storeBytes(of: next.littleEndian, toByteOffset: WireBurst.idAt, as: UInt32.self)
        }
        let change = Checksum.crc32c(fields.span.bytes) ^ WireBurst.blankChecksum
        bytes.withUnsafeMutableReadableBytes { buffer in
            var at = 0
            for header in headers {
                buffer.storeBytes(
                    of: (header.id | next).littleEndian,
                    toByteOffset: at + WireBurst.idAt,
                    as: UInt32.self
                )
                buffer.storeBytes(
                    of: (header.checksum ^ change).littleEndian,
                    toByteOffset: at + WireBurst.checksumAt,
                    as: UInt32.self
                )
                at += WirePlan.requestBytes
            }
        }
        return true
    }
}
