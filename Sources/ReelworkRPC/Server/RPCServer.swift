// SPDX-License-Identifier: Apache-2.0
// Reelwork: accepts connections and serves them.

internal import Glibc
package import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
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
    private let desks: [LoopDesk]
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
        desks = eventLoops.map {
            LoopDesk($0, payloadBytesMax: share, outboundBytesMax: outboundShare)
        }
    }

    // MARK: - Listening

    /// Listens; answers where, which tells the port where 0 was asked for.
    ///
    /// A Unix socket has mode 0600; a stale socket file is replaced. TCP speaks TLS where there is
    /// ``RPCServerConfiguration/security``, else it is for loopback addresses only.
    @discardableResult
    package func listen(
        on endpoint: RPCEndpoint,
        family: RPCFamily
    ) async throws(RPCError) -> RPCEndpoint {
        try endpoint.check()
        guard !isClosed.load(ordering: .acquiring) else {
            throw RPCError(.socketFailed, "this server is closed")
        }
        switch endpoint {
        case .unix(let path): return try await listen(path: path, family)
        case .tcp(let host, let port):
            return try await listen(host: host, port: port, family)
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
        _ family: RPCFamily
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
        guard address.isLoopback || shared.security != nil else {
            throw RPCError(
                .addressDenied,
                "\(endpoint) can be reached from other machines, and nothing on it would be "
                    + "protected; give a certificate for TLS, or listen on 127.0.0.1 or ::1"
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
        guard let index = desks.firstIndex(where: { $0.eventLoop === channel.eventLoop }),
            case let origin = PeerOrigin(channel), !shared.isSwamped(stranger: origin.stranger),
            case let now = LoopState.now, shared.mayBegin(stranger: origin.stranger, now: now)
        else { throw ChannelError.eof }
        let loop = desks[index].state.value
        if !origin.isUnix {
            try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
        }
        let id = shared.name(loop: index)
        let admission = shared.admit(stranger: origin.stranger)
        let security = origin.isUnix ? nil : shared.security
        let machine = SessionMachine(
            serving: family,
            admission: origin.isAdmitted(owner: shared.ownerUID) ? admission : .denied,
            isSecured: security != nil,
            methods: shared.methods,
            shared.configuration.session,
            now: now
        )
        let connection = ServerConnection(
            shared,
            origin,
            id: id,
            authority: security?.authority,
            eventLoop: channel.eventLoop
        )
        let handler = SessionHandler(id: id, loop: loop, owner: connection, machine: machine)
        do {
            if let security {
                let guardian = TransportGuard()
                handler.transportGuard = guardian
                try channel.pipeline.syncOperations.addHandler(guardian)
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLServerHandler(context: security.context)
                )
            }
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
        if desks.count == 1 {
            return hand(deliveries, to: desks[0])
        }
        var shares = [[RPCDelivery]](repeating: [], count: desks.count)
        for delivery in deliveries {
            let loop = delivery.connection.loop
            if shares.indices.contains(loop) { shares[loop].append(delivery) }
        }
        for (desk, share) in zip(desks, shares) where !share.isEmpty {
            hand(share, to: desk)
        }
    }

    /// Sends one thing; a delegate's answer from within its call is encoded at once, where nothing
    /// that was to go before it waits.
    package func deliver(_ delivery: RPCDelivery) {
        let index = delivery.connection.loop
        guard desks.indices.contains(index) else { return }
        let desk = desks[index]
        guard desk.eventLoop.inEventLoop, desk.inbox.isEmpty,
            desk.state.value.sendInBurst(delivery)
        else { return hand([delivery], to: desk) }
    }

    private func hand(_ deliveries: [RPCDelivery], to desk: LoopDesk) {
        guard !isClosed.load(ordering: .relaxed) else { return }
        guard desk.inbox.put(deliveries) else { return }
        // An answer from within a delegate's call goes out when all bursts have been read.
        if desk.eventLoop.inEventLoop { return desk.state.value.setTurnEnd() }
        desk.eventLoop.execute { desk.state.value.deliverWaiting() }
    }

    // MARK: - Who may stay

    /// Gives new connections another certificate or another authority; TCP sockets that were opened
    /// without TLS stay without.
    package func renew(_ security: ServerSecurity) {
        guard shared.security != nil else { return }
        shared.security = security
    }

    /// Closes the connections whose certificate or token is over or was taken back.
    package func recheck() {
        for desk in desks {
            desk.eventLoop.execute {
                let state = desk.state.value
                let now = LoopState.now
                for session in state.sessions.values {
                    guard let refusal = (session.owner as? ServerConnection)?.refusal else {
                        continue
                    }
                    session.send(.close(refusal.message), now)
                }
                state.flush()
            }
        }
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
        let ends = desks.map { desk in
            desk.eventLoop.flatSubmit {
                let state = desk.state.value
                for session in state.sessions.values { session.leave(.draining, drain: time) }
                state.flush()
                let promise = desk.eventLoop.makePromise(of: Void.self)
                let alarm = desk.eventLoop.scheduleTask(in: latest) { promise.succeed() }
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
        let ends = desks.map { desk in
            desk.eventLoop.flatSubmit {
                let state = desk.state.value
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
