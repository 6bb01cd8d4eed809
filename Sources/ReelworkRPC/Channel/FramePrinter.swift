// SPDX-License-Identifier: Apache-2.0
// Reelwork: makes frames away from the event loops.

internal import ReelworkCore

/// Makes frames on the thread that has their content, so that neither encoding nor compressing a
/// large answer holds up an event loop and all its connections.
///
/// One a thread: it keeps its buffer and its context of zlib.
package struct FramePrinter: ~Copyable {
    private var press = FramePress()

    /// Makes a printer.
    package init() {}

    /// The delivery with its frame made, for a peer that has agreed to this; as it was where it is
    /// no answer, or larger than was agreed: then the session answers FRAME_TOO_LARGE.
    package mutating func print(
        _ delivery: RPCDelivery,
        frameBytesMax: Int,
        isCompressed: Bool
    ) -> RPCDelivery {
        guard case .response(var body, let request) = delivery.content,
            let pieces = press.pieces(
                of: body,
                id: request,
                frameBytesMax: frameBytesMax,
                isCompressionAllowed: isCompressed
            )
        else { return delivery }
        body.printed = PrintedFrame(pieces)
        return RPCDelivery(
            connection: delivery.connection,
            content: .response(body, request: request)
        )
    }
}
