// SPDX-License-Identifier: Apache-2.0
// Reelwork: one asking connection of a load

import NIOCore
import ReelworkCore
import ReelworkWire

/// One asking connection: keeps a number of requests on their way and counts what comes back.
///
/// It is bare on purpose, as the load must cost less than what it measures: requests are made once
/// (``WireBurst``), and of an answer only what says that it is the answer is read.
final class WirePeer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Stage { case preface, helloAck, asking }

    private let plan: WirePlan
    private let count: WireCount
    private var stage: Stage
    private var unread: ByteBuffer?
    private var burst: WireBurst
    /// Answers that are still missing of those that were asked for last.
    private var missing = 0

    /// Bytes 4 to 7 of an answer's header: its type, no flags, its method.
    private static let answerWord =
        UInt32(FrameKind.response.rawValue) | UInt32(FrameHeader.field(.heartbeat)) << 16

    init(_ plan: WirePlan, _ count: WireCount) {
        self.plan = plan
        self.count = count
        stage = plan.speech == .rpc ? .preface : .asking
        burst = WireBurst(count: plan.pipeline)
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
            guard
                let length = buffer.getInteger(
                    at: buffer.readerIndex,
                    endianness: .little,
                    as: UInt32.self
                ), buffer.readableBytes >= FrameHeader.byteCount + Int(length)
            else { return }
            buffer.moveReaderIndex(forwardBy: FrameHeader.byteCount + Int(length))
            stage = .asking
            ask(context)
        case .asking:
            let took: Int?
            switch plan.speech {
            case .rpc: took = takeAnswers(buffer)
            case .echo:
                let whole = min(missing, buffer.readableBytes / WirePlan.requestBytes)
                missing -= whole
                took = whole * WirePlan.requestBytes
            }
            guard let took else { return fail(context) }
            buffer.moveReaderIndex(forwardBy: took)
            guard missing == 0 else { return }
            count.add(plan.pipeline)
            ask(context)
        }
    }

    /// Counts the answers that are there whole; tells their bytes, nil where one is no answer.
    private func takeAnswers(_ buffer: ByteBuffer) -> Int? {
        buffer.withUnsafeReadableBytes { bytes in
            var at = 0
            while missing > 0, at + FrameHeader.byteCount <= bytes.count {
                func word(_ offset: Int) -> UInt32 {
                    UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                    )
                }
                guard word(at + 4) == WirePeer.answerWord else { return nil }
                let end = at + FrameHeader.byteCount + Int(word(at))
                guard end <= bytes.count else { break }
                at = end
                missing -= 1
            }
            return at
        }
    }

    private func hello(_ context: ChannelHandlerContext) {
        var encoder = FrameEncoder()
        var deflater = Deflater()
        do throws(FrameError) {
            try encoder.append(Hello(agent: "bench"), kind: .hello, &deflater)
            send(encoder.array, context)
        } catch {
            fail(context)
        }
    }

    private func ask(_ context: ChannelHandlerContext) {
        missing = plan.pipeline
        if plan.speech == .rpc, !burst.renew() { return fail(context) }
        context.writeAndFlush(wrapOutboundOut(burst.bytes), promise: nil)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// A measurement that lost a connection counts for nothing.
    private func fail(_ context: ChannelHandlerContext) {
        count.fail()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        count.fail()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context)
    }
}
