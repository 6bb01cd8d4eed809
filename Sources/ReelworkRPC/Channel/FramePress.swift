// SPDX-License-Identifier: Apache-2.0
// Reelwork: prints frames into buffers.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

/// Prints frames into buffers; one for all connections of a loop.
///
/// Encoder and compressor lie in one value, so that a frame costs one access to the loop's state.
struct FramePress: ~Copyable {
    private var deflater = Deflater()
    private var encoder = FrameEncoder()

    /// Appends a frame to a buffer; false where its body is larger than was agreed.
    mutating func print(
        _ message: any WireMessage,
        kind: FrameKind,
        methodField: UInt16,
        id: UInt32,
        frameBytesMax: Int,
        isCompressionAllowed: Bool,
        into buffer: inout ByteBuffer
    ) -> Bool {
        encoder.reset()
        encoder.frameBytesMax = frameBytesMax
        encoder.isCompressionAllowed = isCompressionAllowed
        do throws(FrameError) {
            try encoder.append(
                message,
                kind: kind,
                methodField: methodField,
                requestID: id,
                &deflater
            )
        } catch {
            return false
        }
        encoder.bytes.withUnsafeBytes { _ = buffer.writeBytes($0) }
        return true
    }

    /// Makes a frame in pieces of ``Limits/outboundPieceBytes``; nil where its body is larger than
    /// was agreed.
    mutating func pieces(
        of body: FrameBody,
        id: UInt32,
        frameBytesMax: Int,
        isCompressionAllowed: Bool
    ) -> [ByteBuffer]? {
        encoder.reset()
        encoder.frameBytesMax = frameBytesMax
        encoder.isCompressionAllowed = isCompressionAllowed
        do throws(FrameError) {
            try encoder.append(
                body.message,
                kind: body.kind,
                methodField: body.methodField,
                requestID: id,
                &deflater
            )
        } catch {
            return nil
        }
        return encoder.bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: Limits.outboundPieceBytes).map { from in
                let part = bytes[from..<min(from + Limits.outboundPieceBytes, bytes.count)]
                return ByteBuffer(bytes: part)
            }
        }
    }

    /// Appends a CANCEL to a buffer.
    mutating func printCancel(id: UInt32, into buffer: inout ByteBuffer) {
        encoder.reset()
        encoder.appendCancel(id: id)
        encoder.bytes.withUnsafeBytes { _ = buffer.writeBytes($0) }
    }
}
