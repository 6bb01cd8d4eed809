// SPDX-License-Identifier: Apache-2.0
// Reelwork: a TLS client that sends exactly the bytes a test gives it

import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import ReelworkCore
import ReelworkWire

/// A TCP client, with TLS where it has a context, that sends exactly the bytes a test gives it.
final class RawTLS {
    /// Collects what comes.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let source: AsyncStream<[UInt8]>.Continuation
        private let problems: AsyncStream<String>.Continuation

        init(
            _ source: AsyncStream<[UInt8]>.Continuation,
            _ problems: AsyncStream<String>.Continuation
        ) {
            self.source = source
            self.problems = problems
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            source.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            source.finish()
            problems.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            problems.yield("\(error)")
            context.close(promise: nil)
        }
    }

    private let channel: any Channel
    private var chunks: AsyncStream<[UInt8]>.Iterator
    private let problems: AsyncStream<String>
    private var held: [UInt8] = []

    private init(
        _ channel: any Channel,
        _ chunks: AsyncStream<[UInt8]>,
        _ problems: AsyncStream<String>
    ) {
        self.channel = channel
        self.chunks = chunks.makeAsyncIterator()
        self.problems = problems
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Connects to a port of this machine; plain where there is no context.
    static func connect(_ port: Int, _ context: NIOSSLContext?) async throws -> RawTLS {
        let (chunks, source) = AsyncStream.makeStream(of: [UInt8].self)
        let (problems, found) = AsyncStream.makeStream(of: String.self)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: "localhost")
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(source, found))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawTLS(channel, chunks, problems)
    }

    /// Takes nothing from the socket any more.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func send(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Reads exactly so many bytes, or fewer where the peer has closed.
    func read(_ count: Int) async -> [UInt8] {
        while held.count < count, let more = await chunks.next(isolation: #isolation) {
            held += more
        }
        defer { held.removeFirst(min(count, held.count)) }
        return Array(held.prefix(count))
    }

    /// Everything until the peer closes.
    func readAll() async -> [UInt8] {
        while let more = await chunks.next(isolation: #isolation) { held += more }
        defer { held = [] }
        return held
    }

    /// What went wrong until the peer closed.
    func failures() async -> [String] {
        var all: [String] = []
        for await problem in problems { all.append(problem) }
        return all
    }

    /// Reads a frame: its header and its plain body; nil where the peer has closed.
    func readFrame() async throws -> (header: FrameHeader, body: [UInt8])? {
        let bytes = await read(FrameHeader.byteCount)
        guard bytes.count == FrameHeader.byteCount else { return nil }
        let header = try FrameHeader(reading: bytes.span.bytes)
        return (header, await read(Int(header.wireLength)))
    }

    /// Reads the ERROR that ends the connection.
    func readError() async throws -> ErrorMessage? {
        while let frame = try await readFrame() {
            if frame.header.kind == .error { return try ErrorMessage.decode(frame.body.span.bytes) }
        }
        return nil
    }
}

/// A plain frame.
func frame(
    kind: FrameKind,
    _ method: Method? = nil,
    id: UInt32 = 0,
    _ body: () -> some WireMessage
) throws -> [UInt8] {
    var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesCeiling)
    var deflater = Deflater()
    try encoder.append(
        body(),
        kind: kind,
        methodField: method.map { FrameHeader.field($0) } ?? 0,
        requestID: id,
        &deflater
    )
    return encoder.array
}
