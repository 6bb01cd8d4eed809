// SPDX-License-Identifier: Apache-2.0
// Reelwork: a bad line between a client and a scheduler

import NIOCore
import NIOPosix
import Synchronization

/// Stands between a client and a scheduler and cuts their connections where a test says.
final class CuttingProxy: Sendable {
    private let server: any Channel
    private let count: CutCount

    /// Where it listens, as an endpoint.
    let endpoint: String

    private init(_ server: any Channel, _ path: String, _ cuts: CutCount) {
        self.server = server
        endpoint = "unix:" + path
        count = cuts
    }

    /// How many connections were cut.
    var cutCount: Int { count.cuts.load(ordering: .relaxed) }
    /// How many connections there were.
    var connectionCount: Int { count.connections.load(ordering: .relaxed) }

    /// Counts for all connections.
    final class CutCount: Sendable {
        let cuts = Atomic<Int>(0)
        let connections = Atomic<Int>(0)
    }

    /// Begins to listen on `path`; `plan` says for each connection where it is cut.
    static func start(
        on path: String,
        to target: String,
        plan: @escaping @Sendable (Int) -> Cut?
    ) async throws -> CuttingProxy {
        let count = CutCount()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                let index = count.connections.add(1, ordering: .relaxed).oldValue
                let cut = plan(index)
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { upstream in
                        upstream.eventLoop.makeCompletedFuture {
                            try upstream.pipeline.syncOperations.addHandler(
                                Relay(
                                    to: client,
                                    passing: cut.flatMap { $0.isOfRequests ? nil : $0.bytes },
                                    count
                                )
                            )
                        }
                    }
                    .connect(unixDomainSocketPath: target)
                    .flatMap { upstream in
                        client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(
                                Relay(
                                    to: upstream,
                                    passing: cut.flatMap { $0.isOfRequests ? $0.bytes : nil },
                                    count
                                )
                            )
                        }
                    }
            }
            .bind(unixDomainSocketPath: path).get()
        return CuttingProxy(server, path, count)
    }

    /// Listens no longer.
    func close() async {
        try? await server.close()
    }
}

/// Hands on what one side sends, up to the cut.
private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let other: any Channel
    private var left: Int?
    private let count: CuttingProxy.CutCount

    init(to other: any Channel, passing left: Int?, _ count: CuttingProxy.CutCount) {
        self.other = other
        self.left = left
        self.count = count
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard let left else {
            other.writeAndFlush(bytes, promise: nil)
            return
        }
        let passed = bytes.readSlice(length: min(left, bytes.readableBytes))
        self.left = left - (passed?.readableBytes ?? 0)
        if let passed { other.writeAndFlush(passed, promise: nil) }
        guard bytes.readableBytes > 0 else { return }
        self.left = 0
        if context.channel.isActive { count.cuts.add(1, ordering: .relaxed) }
        other.close(promise: nil)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
