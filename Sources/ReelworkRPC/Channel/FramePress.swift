// SPDX-License-Identifier: Apache-2.0
// Reelwork: prints frames into buffers.

internal import NIOCore
internal import ReelworkWire

/// Prints frames into buffers; one for all connections of a loop.
///
/// Encoder and compressor lie in one value, so that a frame costs one access to the loop's state.
struct FramePress: ~Copyable {
    private var deflater = Deflater()
    private var encoder = FrameEncoder()

    /// Appends a frame to a buffer; false where its body is larger than was agreed.
    mutating func print(
        _ body: (inout FrameEncoder, inout Deflater) throws(FrameError) -> Void,
        into buffer: inout ByteBuffer,
        bytesMax: Int,
        isCompressionAllowed: Bool
    ) -> Bool {
        encoder.reset()
        encoder.frameBytesMax = bytesMax
        encoder.isCompressionAllowed = isCompressionAllowed
        do throws(FrameError) {
            try body(&encoder, &deflater)
        } catch {
            return false
        }
        encoder.bytes.withUnsafeBytes { _ = buffer.writeBytes($0) }
        return true
    }
}
