// SPDX-License-Identifier: Apache-2.0
// Reelwork: puts bodies into frames

package import ReelworkCore

/// Puts bodies into frames, one after another in a buffer that is used again.
///
/// Append any number of frames, send ``bytes``, then ``reset()``.
package struct FrameEncoder: ~Copyable {
    private var writer = WireWriter()
    /// Largest body that was agreed.
    package var frameBytesMax: Int
    /// Whether a codec is in force.
    package var isCompressionAllowed: Bool

    /// Makes an encoder for a connection that begins.
    package init(
        frameBytesMax: Int = Limits.handshakeFrameBytesMax,
        isCompressionAllowed: Bool = false
    ) {
        self.frameBytesMax = frameBytesMax
        self.isCompressionAllowed = isCompressionAllowed
    }

    /// The frames that were appended.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get { writer.bytes.span.bytes }
    }

    /// The same as an array.
    package var array: [UInt8] { writer.bytes }

    /// Bytes that were appended.
    package var byteCount: Int { writer.bytes.count }

    /// Forgets the frames and keeps the memory.
    package mutating func reset() {
        writer.reset()
    }

    /// Appends a frame; compressed where that is allowed, worth it and gives no secret away.
    ///
    /// Throws ``ResultCode/frameTooLarge`` where the body is larger than agreed; nothing is
    /// appended then.
    package mutating func append(
        _ message: some WireMessage,
        kind: FrameKind,
        methodField: UInt16 = 0,
        requestID: UInt32 = 0,
        _ deflater: inout Deflater
    ) throws(FrameError) {
        let start = writer.bytes.count
        writer.frameHeaderSpace()
        message.encode(into: &writer)
        let from = start + FrameHeader.byteCount
        let plainLength = writer.bytes.count - from
        guard plainLength <= min(frameBytesMax, Limits.frameBytesCeiling) else {
            writer.bytes.removeSubrange(start...)
            throw FrameError(
                .frameTooLarge,
                "a body of \(plainLength) bytes where at most \(frameBytesMax) were agreed"
            )
        }
        var flags: UInt8 = 0
        if isCompressionAllowed, kind.mayBeCompressed, plainLength >= Limits.compressBytesMin,
            !message.carriesSecrets, deflater.deflate(writer.bytes.span.bytes.extracting(from...))
        {
            writer.bytes.removeSubrange(from...)
            writer.bytes.append(contentsOf: deflater.slice)
            flags = FrameHeader.compressedFlag
        }
        let header = FrameHeader(
            type: kind.rawValue,
            flags: flags,
            methodField: methodField,
            requestID: requestID,
            wireLength: UInt32(clamping: writer.bytes.count - from),
            plainLength: UInt32(clamping: plainLength),
            payloadChecksum: Checksum.crc32c(writer.bytes.span.bytes.extracting(from...))
        )
        writer.put(header, at: start)
    }

    /// Appends a CANCEL of request `id`.
    package mutating func appendCancel(id: UInt32) {
        let start = writer.bytes.count
        writer.frameHeaderSpace()
        let header = FrameHeader(
            type: FrameKind.cancel.rawValue,
            requestID: id,
            wireLength: 0,
            plainLength: 0,
            payloadChecksum: 0
        )
        writer.put(header, at: start)
    }
}
