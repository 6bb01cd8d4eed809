// SPDX-License-Identifier: Apache-2.0
// Reelwork: so many new connections a second.

internal import NIOCore

/// Accepts so many new connections a second; the others wait in the kernel's queue.
final class AcceptPacer: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = any Channel

    private let perSecondMax: Int
    private var count = 0
    private var windowStart = NIODeadline.now()
    private var hasReadWaiting = false

    init(perSecondMax: Int) {
        self.perSecondMax = max(perSecondMax, 1)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        count += 1
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let windowEnd = windowStart + .seconds(1)
        if now >= windowEnd {
            windowStart = now
            count = 0
        }
        guard count >= perSecondMax else { return context.read() }
        guard !hasReadWaiting else { return }
        hasReadWaiting = true
        context.eventLoop.assumeIsolated().scheduleTask(deadline: windowEnd) {
            self.hasReadWaiting = false
            guard context.channel.isActive else { return }
            self.read(context: context)
        }
    }
}
