// SPDX-License-Identifier: Apache-2.0
// Reelwork: where an event loop of a server is reached.

internal import NIOCore

/// Where an event loop of a server is reached: its state, and what waits for it.
final class LoopDesk: Sendable {
    let eventLoop: any EventLoop
    let inbox = DeliveryInbox()
    let state: NIOLoopBoundBox<LoopState>

    init(_ eventLoop: any EventLoop, payloadBytesMax: Int, outboundBytesMax: Int) {
        self.eventLoop = eventLoop
        state = NIOLoopBoundBox.makeBoxSendingValue(
            LoopState(
                eventLoop: eventLoop,
                inbox: inbox,
                payloadBytesMax: payloadBytesMax,
                outboundBytesMax: outboundBytesMax
            ),
            eventLoop: eventLoop
        )
    }
}
