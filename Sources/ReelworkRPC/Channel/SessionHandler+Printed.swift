// SPDX-License-Identifier: Apache-2.0
// Reelwork: frames that were made on other threads, and who waits until they have left.

internal import NIOCore
internal import ReelworkCore

extension SessionHandler {
    /// Puts a frame behind what was sent before.
    func sendPrinted(_ frame: PrintedFrame) {
        guard let context, !isClosing else { return }
        writeOut(context)
        printed += frame.pieces
    }

    /// Gives the transport what others have made, before what comes behind it.
    func writePrinted(_ context: ChannelHandlerContext) {
        for piece in printed {
            bytesQueued += piece.readableBytes
            context.write(wrapOutboundOut(piece), promise: nil)
        }
        printed = []
        hasWritten = true
    }

    private func writeOut(_ context: ChannelHandlerContext) {
        guard let buffer = takeWritten() else { return }
        if buffer.capacity > Limits.outboundPieceBytes {
            writePieces(buffer, context)
        } else {
            context.write(wrapOutboundOut(buffer), promise: nil)
        }
        loop.give(back: buffer)
        hasWritten = true
    }

    /// Gives the transport all that there is, and a mark behind it where somebody waits until it
    /// has left.
    func flushSpecials(_ context: ChannelHandlerContext) {
        if !printed.isEmpty { writePrinted(context) }
        writeOut(context)
        if !tickets.isEmpty { writeMark(context) }
        hasWritten = false
        context.flush()
        watchWhatWaits()
    }

    /// Nothing, written: it has left when all before it has.
    private func writeMark(_ context: ChannelHandlerContext) {
        let kept = tickets
        tickets = []
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in withExtendedLifetime(kept) {} }
        context.write(wrapOutboundOut(ByteBuffer()), promise: promise)
    }
}
