// SPDX-License-Identifier: Apache-2.0
// Reelwork: what reading came to

/// What one call of ``FrameDecoder/next(in:_:)`` came to.
///
/// `consumed` counts bytes from the start of the span; they must not be given again.
package enum FrameStep: Hashable, Sendable {
    /// Call again with the rest of the span and at least `missing` bytes in all.
    case needMore(consumed: Int, missing: Int)
    /// A whole frame.
    case frame(Frame, consumed: Int)
    /// A frame that is answered, or fails a request, without its body being looked at.
    case refused(FrameRefusal, consumed: Int)
}
