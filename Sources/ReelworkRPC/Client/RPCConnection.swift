// SPDX-License-Identifier: Apache-2.0
// Reelwork: a client's connection to a server.

internal import NIOCore
internal import NIOPosix
package import ReelworkCore
package import ReelworkWire
internal import Synchronization

/// A client's connection to a server; many calls may be on their way at once, from any task.
///
/// Calls beyond the limit in flight wait here for their turn. A connection that nobody holds any
/// more is closed.
package final class RPCConnection: Sendable {
    private struct Inbox {
        var commands: [ClientSession.Command] = []
        var isScheduled = false
    }

    private struct Ends: Sendable {
        var channel: any Channel
        var session: NIOLoopBound<ClientSession>
        var ready: EventLoopFuture<Result<SessionTerms, RPCError>>
    }

    /// What both sides agreed on: limits, the server's program, cluster and epoch.
    package let terms: SessionTerms
    /// What the server sends of its own accord, in order, for one reader.
    ///
    /// A worker that does not read loses the connection once ``Limits/eventsWaitingMax`` wait.
    package let pushes: AsyncStream<RPCPush>
    /// Where it goes.
    package let endpoint: RPCEndpoint

    private let ends: Ends
    private let inbox = Mutex(Inbox())
    private let tags = Atomic<UInt64>(1)

    private init(
        _ ends: Ends,
        _ terms: SessionTerms,
        _ pushes: AsyncStream<RPCPush>,
        _ endpoint: RPCEndpoint
    ) {
        self.ends = ends
        self.terms = terms
        self.pushes = pushes
        self.endpoint = endpoint
    }

    deinit {
        ends.channel.close(promise: nil)
    }

    // MARK: - Connecting

    /// Connects and shakes hands.
    ///
    /// TCP is protected by `security`, which Unix sockets do not need; without it only this machine
    /// can be connected to.
    package static func connect(
        to endpoint: RPCEndpoint,
        role: PeerRole,
        agent: String,
        security: ClientSecurity? = nil,
        configuration: SessionConfiguration = SessionConfiguration()
    ) async throws(RPCError) -> RPCConnection {
        try endpoint.check()
        let secured = try ClientTransport(endpoint, security)
        let (pushes, source) = AsyncStream.makeStream(
            of: RPCPush.self,
            bufferingPolicy: .bufferingOldest(Limits.eventsWaitingMax)
        )
        let offer = Hello(
            codecs: configuration.isCompressionAllowed ? [WireCodec.zlib.rawValue] : [],
            frameBytesMax: UInt64(clamping: configuration.frameBytesMax),
            requestsInFlightMax: UInt64(clamping: configuration.requestsInFlightMax),
            agent: agent
        )
        let ends = try await open(endpoint, role, offer, secured, configuration, source)
        let outcome: Result<SessionTerms, RPCError>
        do {
            outcome = try await ends.ready.get()
        } catch {
            outcome = .failure(RPCError(.handshakeFailed, "no handshake", cause: "\(error)"))
        }
        return RPCConnection(ends, try outcome.get(), pushes, endpoint)
    }

    private static func open(
        _ endpoint: RPCEndpoint,
        _ role: PeerRole,
        _ offer: Hello,
        _ transport: ClientTransport,
        _ configuration: SessionConfiguration,
        _ source: AsyncStream<RPCPush>.Continuation
    ) async throws(RPCError) -> Ends {
        let bootstrap = ClientBootstrap(group: ClientLoops.group)
            .connectTimeout(.nanoseconds(configuration.handshakeTime.wholeNanoseconds))
        let initializer: @Sendable (any Channel) -> EventLoopFuture<Ends> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let ready = channel.eventLoop.makePromise(
                    of: Result<SessionTerms, RPCError>.self
                )
                let session = ClientSession(
                    eventLoop: channel.eventLoop,
                    ready: ready,
                    pushes: source,
                    role: role
                )
                let machine = SessionMachine(
                    connectingAs: role,
                    offer: offer,
                    token: transport.token,
                    isSecured: transport.isSecured,
                    configuration,
                    now: LoopState.now
                )
                let handler = SessionHandler(
                    id: ClientLoops.name(),
                    loop: ClientLoops.state(of: channel.eventLoop).value,
                    owner: session,
                    machine: machine
                )
                session.attach(handler)
                if let tls = try transport.handler() {
                    try channel.pipeline.syncOperations.addHandler(tls)
                }
                try channel.pipeline.syncOperations.addHandler(handler)
                return Ends(
                    channel: channel,
                    session: NIOLoopBound(session, eventLoop: channel.eventLoop),
                    ready: ready.futureResult
                )
            }
        }
        do {
            switch endpoint {
            case .unix(let path):
                return try await bootstrap.connect(
                    unixDomainSocketPath: path,
                    channelInitializer: initializer
                )
            case .tcp(let host, let port):
                return
                    try await bootstrap
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .connect(host: host, port: port, channelInitializer: initializer)
            }
        } catch {
            throw RPCError(
                .connectFailed,
                "no scheduler answers on \(endpoint); is it running, and may this user connect?",
                cause: "\(error)"
            )
        }
    }

    // MARK: - Calling

    /// Asks, and waits for the answer.
    ///
    /// After `timeout`, or where the task is canceled, the server is told and the answer is no
    /// longer awaited; whether it was done is then unknown.
    package func call<C: WireCall>(
        _ call: C.Type,
        _ request: C.Request,
        timeout: Duration? = nil
    ) async throws(RPCError) -> C.Response {
        let tag = tags.add(1, ordering: .relaxed).oldValue
        let pending = PendingAnswer<C>()
        let body = FrameBody(request: request, of: C.self)
        let waiting: any PendingCall = pending
        submit(.ask(body, waiting, tag: tag, timeout: timeout))
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { pending.wait($0) }
        } onCancel: {
            waiting.fail(RPCError(.canceled, "the caller gave up"))
            submit(.forget(tag: tag))
        }
        return try outcome.get()
    }

    /// Asks for something that is answered by events and then by a response.
    package func stream<C: WireCall & WireEvent>(
        _ call: C.Type,
        _ request: C.Request
    ) -> RPCEvents<C> {
        let tag = tags.add(1, ordering: .relaxed).oldValue
        let (events, source) = AsyncStream<C.Event>.makeStream(
            bufferingPolicy: .bufferingOldest(Limits.eventsWaitingMax)
        )
        let pending = PendingStream<C>(source)
        pending.whenAbandoned { [weak self] in self?.submit(.forget(tag: tag)) }
        submit(.ask(FrameBody(request: request, of: C.self), pending, tag: tag, timeout: nil))
        return RPCEvents(pending: pending, events: events, connection: self)
    }

    // MARK: - Sending

    /// Sends news that concern the connection; droppable ones are dropped while much waits.
    package func send<E: WireEvent>(_ news: E.Type, _ event: E.Event, isDroppable: Bool = false) {
        let body = FrameBody(event: event, of: E.self)
        submit(.send(.event(body, request: 0, isDroppable: isDroppable)))
    }

    /// Answers a request of the server.
    package func respond<C: WireCall>(_ call: C.Type, _ response: C.Response, to request: UInt32) {
        submit(.send(.response(FrameBody(response: response, of: C.self), request: request)))
    }

    /// Answers a request of the server with an error.
    package func respond(_ error: ErrorMessage, method: Method, to request: UInt32) {
        submit(.send(.error(error, method: method, request: request)))
    }

    // MARK: - Ending

    /// Says GOAWAY and closes; open calls fail.
    ///
    /// Returns when the connection is closed.
    package func close() async {
        submit(.leave)
        try? await ends.channel.closeFuture.get()
    }

    /// Closes without a word, as a crash would.
    package func abort() async {
        submit(.drop)
        try? await ends.channel.closeFuture.get()
    }

    /// Hands a command to the loop; one hop for all that come meanwhile.
    private func submit(_ command: ClientSession.Command) {
        let isFirst = inbox.withLock { inbox in
            inbox.commands.append(command)
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        guard isFirst else { return }
        ends.channel.eventLoop.execute { self.carryOut() }
    }

    private func carryOut() {
        let commands = inbox.withLock { inbox in
            defer { inbox.commands = [] }
            inbox.isScheduled = false
            return inbox.commands
        }
        ends.session.value.carryOut(commands)
    }
}
