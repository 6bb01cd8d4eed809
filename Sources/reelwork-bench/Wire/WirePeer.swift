// SPDX-License-Identifier: Apache-2.0
// Reelwork: one asking connection of a load

import NIOCore
import ReelworkCore
import ReelworkWire

/// One asking connection: keeps a number of requests on their way and counts what comes back.
///
/// It is bare on purpose, as the load must cost less than what it measures: requests are written
/// once and only their id and checksum change, of the answers only the lengths are read.
final class WirePeer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Stage { case preface, helloAck, asking }

    private let plan: WirePlan
    private let count: WireCount
    private var stage: Stage
    private var unread: ByteBuffer?
    private var nextID: UInt32 = 1
    private var asked: ByteBuffer
    /// Answers that are still missing of those that were asked for last.
    private var missing = 0

    init(_ plan: WirePlan, _ count: WireCount) {
        self.plan = plan
        self.count = count
        stage = plan.speech == .rpc ? .preface : .asking
        asked = ByteBuffer()
    }

    func channelActive(context: ChannelHandlerContext) {
        switch plan.speech {
        case .rpc: send(ClientPreface(role: .worker).encoded, context)
        case .echo: ask(context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if var held = unread {
            unread = nil
            held.writeBuffer(&buffer)
            buffer = held
        }
        read(&buffer, context)
        if buffer.readableBytes > 0 { unread = buffer }
    }

    private func read(_ buffer: inout ByteBuffer, _ context: ChannelHandlerContext) {
        switch stage {
        case .preface:
            guard buffer.readableBytes >= Preface.byteCount else { return }
            buffer.moveReaderIndex(forwardBy: Preface.byteCount)
            stage = .helloAck
            hello(context)
        case .helloAck:
            guard skipFrame(&buffer) else { return }
            stage = .asking
            ask(context)
        case .asking:
            switch plan.speech {
            case .rpc: while missing > 0, skipFrame(&buffer) { missing -= 1 }
            case .echo:
                let whole = min(missing, buffer.readableBytes / WirePlan.requestBytes)
                buffer.moveReaderIndex(forwardBy: whole * WirePlan.requestBytes)
                missing -= whole
            }
            guard missing == 0 else { return }
            count.add(plan.pipeline)
            ask(context)
        }
    }

    /// Skips a whole frame; false where it is not there yet.
    private func skipFrame(_ buffer: inout ByteBuffer) -> Bool {
        guard
            let length = buffer.getInteger(
                at: buffer.readerIndex,
                endianness: .little,
                as: UInt32.self
            ), buffer.readableBytes >= FrameHeader.byteCount + Int(length)
        else { return false }
        buffer.moveReaderIndex(forwardBy: FrameHeader.byteCount + Int(length))
        return true
    }

    private func hello(_ context: ChannelHandlerContext) {
        var encoder = FrameEncoder()
        var deflater = Deflater()
        do throws(FrameError) {
            try encoder.append(Hello(agent: "bench"), kind: .hello, &deflater)
            send(encoder.array, context)
        } catch {
            context.close(promise: nil)
        }
    }

    private func ask(_ context: ChannelHandlerContext) {
        missing = plan.pipeline
        asked.clear(minimumCapacity: plan.pipeline * WirePlan.requestBytes)
        let body = WirePlan.body
        let checksum = Checksum.crc32c(body.span.bytes)
        for _ in 0..<plan.pipeline {
            let header = FrameHeader(
                type: FrameKind.request.rawValue,
                methodField: FrameHeader.field(.heartbeat),
                requestID: nextID,
                wireLength: UInt32(body.count),
                plainLength: UInt32(body.count),
                payloadChecksum: checksum
            )
            nextID += 2
            asked.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.byteCount) {
                header.store(into: $0)
                return FrameHeader.byteCount
            }
            asked.writeBytes(body)
        }
        context.writeAndFlush(wrapOutboundOut(asked), promise: nil)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
