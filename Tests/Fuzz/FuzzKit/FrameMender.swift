// SPDX-License-Identifier: Apache-2.0
// Reelwork: gives damaged frames sound checksums

internal import ReelworkCore
internal import ReelworkWire

/// Gives damaged frames sound checksums, so that what stands behind those is reached too.
package enum FrameMender {
    /// The stream with the checksums of its frames mended, as far as their lengths lead.
    ///
    /// With `deflates` the payload of a frame that says it is compressed is taken for its body,
    /// and is compressed.
    package static func mend(_ stream: [UInt8], deflates: Bool) -> [UInt8] {
        var mended: [UInt8] = []
        var rest = stream[...]
        var deflater = Deflater()
        while rest.count >= FrameHeader.byteCount {
            var head = FuzzInput(Array(rest.prefix(FrameHeader.byteCount)))
            rest = rest.dropFirst(FrameHeader.byteCount)
            var header = FrameHeader(
                type: 0,
                wireLength: head.u32(),
                plainLength: 0,
                payloadChecksum: 0
            )
            header.type = head.u8()
            header.flags = head.u8()
            header.methodField = head.u16()
            header.requestID = head.u32()
            header.plainLength = head.u32()
            let isWhole = Int(header.wireLength) <= rest.count
            var payload = Array(rest.prefix(Int(header.wireLength)))
            rest = rest.dropFirst(payload.count)
            if isWhole, deflates, header.isCompressed, deflater.deflate(payload.span.bytes) {
                header.plainLength = header.wireLength
                payload = deflater.output.withUnsafeBytes { [UInt8]($0) }
                header.wireLength = UInt32(clamping: payload.count)
            }
            header.payloadChecksum = Checksum.crc32c(payload.span.bytes)
            mended += header.encoded + payload
        }
        return mended + rest
    }

    /// A client's or server's preface with a sound checksum.
    package static func preface(_ bytes: [UInt8]) -> [UInt8] {
        let start = Array((Preface.magic + bytes.prefix(4) + [0, 0, 0, 0]).prefix(12))
        let sum = Checksum.crc32c(start.span.bytes)
        return start + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (UInt32($0) * 8)) }
    }
}
