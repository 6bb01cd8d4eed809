// SPDX-License-Identifier: Apache-2.0
// Reelwork: stands between a server's socket and its TLS.

internal import NIOCore
internal import ReelworkCore

/// Stands between a server's socket and its TLS.
///
/// It ends what is no TLS with an alert that any TLS client understands and a Reelwork client
/// knows, and it gives a peer whose handshake failed time to read why: a socket that is closed with
/// bytes unread takes back what it has sent (RFC 1122, 4.2.2.13).
final class TransportGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// TLS is up: nothing is looked at any more.
    var isSecured = false
    private var hasBegun = false
    /// The end was said: what still comes is thrown away.
    private var isLingering = false
    private var closers: [EventLoopPromise<Void>] = []

    /// The first byte of a handshake record (RFC 8446, 5.1).
    static let handshakeRecord: UInt8 = 22
    /// A record that holds a fatal alert, unexpected_message (RFC 8446, 6).
    static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 10]

    /// Whether bytes begin as a record with an alert.
    static func isAlert(_ buffer: ByteBuffer) -> Bool {
        buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) == 0x1503
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLingering else { return }
        if !hasBegun {
            let buffer = unwrapInboundIn(data)
            guard let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else {
                return
            }
            hasBegun = true
            guard first == TransportGuard.handshakeRecord else {
                let alert = context.channel.allocator.buffer(bytes: TransportGuard.alert)
                context.writeAndFlush(wrapOutboundOut(alert), promise: nil)
                context.fireErrorCaught(PlainBytesError())
                return linger(context)
            }
        }
        context.fireChannelRead(data)
    }

    func close(
        context: ChannelHandlerContext,
        mode: CloseMode,
        promise: EventLoopPromise<Void>?
    ) {
        guard case .all = mode, !isSecured, hasBegun, context.channel.isActive else {
            return context.close(mode: mode, promise: promise)
        }
        if let promise { closers.append(promise) }
        linger(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        settle()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        settle()
    }

    private func linger(_ context: ChannelHandlerContext) {
        guard !isLingering else { return }
        isLingering = true
        context.close(mode: .output, promise: nil)
        let wait = TimeAmount.nanoseconds(Limits.tlsLingerTime.wholeNanoseconds)
        context.eventLoop.assumeIsolated().scheduleTask(in: wait) {
            context.close(promise: nil)
        }
    }

    private func settle() {
        let waiting = closers
        closers = []
        for promise in waiting { promise.succeed() }
    }
}
