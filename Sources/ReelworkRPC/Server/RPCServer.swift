// SPDX-License-Identifier: Apache-2.0
// Reelwork: accepts connections and serves them.

internal import Glibc
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ReelworkCore
internal import ReelworkWire
internal import Synchronization

/// Accepts connections and serves them.
///
/// It has its own event loops. ``close()`` must be called once; until then it keeps itself alive.
package final class RPCServer: Sendable {
    private struct Listener: Sendable {
        var channel: any Channel
        var path: String?
        var file: ServerFiles.Identity?
    }

    private let shared: ServerShared
    private let group: MultiThreadedEventLoopGroup
    private let loops: [NIOLoopBoundBox<LoopState>]
    private let inboxes: [DeliveryInbox]
    private let eventLoops: [any EventLoop]
    private let listeners = Mutex<[Listener]>([])
    private let isClosed = Atomic<Bool>(false)

    /// Makes a server that listens nowhere yet.
    package init(
        configuration: RPCServerConfiguration,
        delegate: any RPCServerDelegate,
        logger: Logger
    ) {
        let owner = configuration.ownerUID ?? geteuid()
        shared = ServerShared(configuration, delegate, logger, ownerUID: owner)
        group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        var eventLoops: [any EventLoop] = []
        for eventLoop in group.makeIterator() { eventLoops.append(eventLoop) }
        let share = configuration.payloadBytesMax / max(eventLoops.count, 1)
        let outboundShare = configuration.outboundBytesMax / max(eventLoops.count, 1)
        self.eventLoops = eventLoops
        inboxes = eventLoops.map { _ in DeliveryInbox() }
        loops = zip(eventLoops, inboxes).map { eventLoop, inbox in
            NIOLoopBoundBox.makeBoxSendingValue(
                LoopState(
                    eventLoop: eventLoop,
                    inbox: inbox,
                    payloadBytesMax: share,
                    outboundBytesMax: outboundShare
                ),
                eventLoop: eventLoop
            )
        }
    }

    // MARK: - Listening

    /// Listens; answers where, which tells the port where 0 was asked for.
    ///
    /// A Unix socket has mode 0600; a stale socket file is replaced. TCP is for loopback addresses
    /// only, unless `isRemoteAllowed`.
    @discardableResult
    package func listen(
        on endpoint: RPCEndpoint,
        family: RPCFamily,
        isRemoteAllowed: Bool = false
    ) async throws(RPCError) -> RPCEndpoint {
        try endpoint.check()
        guard !isClosed.load(ordering: .acquiring) else {
            throw RPCError(.socketFailed, "this server is closed")
        }
        switch endpoint {
        case .unix(let path): return try await listen(path: path, family)
        case .tcp(let host, let port):
            return try await listen(host: host, port: port, family, isRemoteAllowed)
        }
    }

    private func listen(path: String, _ family: RPCFamily) async throws(RPCError) -> RPCEndpoint {
        let bound = try ServerFiles.bind(path: path)
        do {
            let channel = try await bootstrap(family).withBoundSocket(bound.socket).get()
            let listener = Listener(channel: channel, path: path, file: bound.file)
            listeners.withLock { $0.append(listener) }
            return .unix(path: path)
        } catch {
            ServerFiles.remove(path: path, file: bound.file)
            throw RPCError(.socketFailed, "cannot listen on `\(path)`", cause: "\(error)")
        }
    }

    private func listen(
        host: String,
        port: Int,
        _ family: RPCFamily,
        _ isRemoteAllowed: Bool
    ) async throws(RPCError) -> RPCEndpoint {
        let endpoint = RPCEndpoint.tcp(host: host, port: port)
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw RPCError(
                .endpointInvalid,
                "`\(host)` is no address of this machine",
                cause: "\(error)"
            )
        }
        guard address.isLoopback || isRemoteAllowed else {
            throw RPCError(
                .addressDenied,
                "\(endpoint) can be reached from other machines, and nothing on it would be "
                    + "protected; listen on 127.0.0.1 or ::1"
            )
        }
        guard family == .rpc else {
            throw RPCError(.addressDenied, "the admin socket must be a Unix socket")
        }
        do {
            let channel = try await bootstrap(family).bind(to: address).get()
            listeners.withLock { $0.append(Listener(channel: channel)) }
            return .tcp(host: host, port: channel.localAddress?.port ?? port)
        } catch {
            let isTaken = (error as? IOError)?.errnoCode == EADDRINUSE
            throw RPCError(
                isTaken ? .addressInUse : .socketFailed,
                isTaken
                    ? "another program listens on \(endpoint); stop it or choose another port"
                    : "cannot listen on \(endpoint)",
                cause: "\(error)"
            )
        }
    }

    private func bootstrap(_ family: RPCFamily) -> ServerBootstrap {
        let session = shared.configuration.session
        // Above the higher one a probe waits, below the lower one it is answered.
        let high = max(min(session.outboundBytesPause, Limits.outboundBytesSoft), 2)
        let marks = ChannelOptions.Types.WriteBufferWaterMark(low: high / 2, high: high)
        let accepts = shared.configuration.acceptsPerSecondMax
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Limits.acceptBacklog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptPacer(perSecondMax: accepts),
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false),
                    ])
                }
            }
            .childChannelOption(.writeBufferWaterMark, value: marks)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try accept(channel, family) }
            }
    }

    /// Gives a new connection its session; on the connection's loop.
    private func accept(_ channel: any Channel, _ family: RPCFamily) throws {
        guard let index = eventLoops.firstIndex(where: { $0 === channel.eventLoop }),
            !shared.isSwamped
        else { throw ChannelError.eof }
        let loop = loops[index].value
        let origin = PeerOrigin(channel)
        if !origin.isUnix {
            try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
        }
        let id = shared.name(loop: index)
        let admission = shared.admit(stranger: origin.stranger)
        let machine = SessionMachine(
            serving: family,
            admission: origin.isAdmitted(owner: shared.ownerUID) ? admission : .denied,
            methods: shared.methods,
            shared.configuration.session,
            now: LoopState.now
        )
        let connection = ServerConnection(shared, origin, id: id, eventLoop: channel.eventLoop)
        let handler = SessionHandler(id: id, loop: loop, owner: connection, machine: machine)
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            connection.closed(.lost, isFarewell: false)
            connection.gone()
            throw error
        }
    }

    // MARK: - Sending

    /// Sends; may be called from any thread, and costs one hop a loop for the whole batch.
    ///
    /// The order is kept for each connection. What is for a connection that is gone is dropped.
    package func deliver(_ deliveries: [RPCDelivery]) {
        guard !deliveries.isEmpty else { return }
        if loops.count == 1 {
            return hand(deliveries, to: 0)
        }
        var shares = [[RPCDelivery]](repeating: [], count: loops.count)
        for delivery in deliveries {
            let loop = delivery.connection.loop
            if shares.indices.contains(loop) { shares[loop].append(delivery) }
        }
        for (index, share) in shares.enumerated() where !share.isEmpty {
            hand(share, to: index)
        }
    }

    private func hand(_ deliveries: [RPCDelivery], to index: Int) {
        guard !isClosed.load(ordering: .relaxed) else { return }
        let inbox = inboxes[index]
        guard inbox.put(deliveries) else { return }
        let loop = loops[index]
        // An answer from within a delegate's call goes out when the burst has been read.
        if eventLoops[index].inEventLoop, loop.value.isReading { return }
        eventLoops[index].execute { loop.value.deliverWaiting() }
    }

    // MARK: - Ending

    /// Says goodbye to everybody: no new connections, GOAWAY twice, answers out; returns when all
    /// connections are closed, `time` and a little more at the latest.
    package func drain(_ time: Duration) async {
        guard !isClosed.load(ordering: .acquiring) else { return }
        shared.beginDrain()
        await stopListening()
        let latest = TimeAmount.nanoseconds(
            (time + SessionHandler.lingerTime).wholeNanoseconds
        )
        let ends = zip(eventLoops, loops).map { eventLoop, loop in
            eventLoop.flatSubmit {
                let state = loop.value
                for session in state.sessions.values { session.leave(.draining, drain: time) }
                state.flush()
                let promise = eventLoop.makePromise(of: Void.self)
                let alarm = eventLoop.scheduleTask(in: latest) { promise.succeed() }
                state.whenEmpty().cascade(to: promise)
                return promise.futureResult.map { alarm.cancel() }
            }
        }
        for end in ends { try? await end.get() }
    }

    /// Ends at once: listeners, connections, event loops.
    ///
    /// Once is enough.
    package func close() async {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        shared.beginDrain()
        await stopListening()
        let ends = zip(eventLoops, loops).map { eventLoop, loop in
            eventLoop.flatSubmit {
                let state = loop.value
                for session in state.sessions.values { session.drop() }
                let end = state.whenEmpty()
                state.stop()
                return end
            }
        }
        for end in ends { try? await end.get() }
        try? await group.shutdownGracefully()
    }

    private func stopListening() async {
        let stopped = listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in stopped {
            if let path = listener.path, let file = listener.file {
                ServerFiles.remove(path: path, file: file)
            }
            try? await listener.channel.close().get()
        }
    }
}
