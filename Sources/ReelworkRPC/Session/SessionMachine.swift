// SPDX-License-Identifier: Apache-2.0
// Reelwork: one connection as a value.

package import ReelworkCore
package import ReelworkWire

// Invariants
// - A request of the peer is in `incoming` from its delivery until exactly one answer is sent.
// - A request of this side is in `outgoing` until exactly one of answer and failure is delivered.
// - Nothing is sent or delivered in `closed`; `close` is said once.
// - Before the handshake is over at most a preface, one HELLO or HELLO_ACK and one of AUTH, AUTH_OK
//   and ERROR are sent, each at most Limits.handshakeFrameBytesMax and the last below 1 KiB: less
//   than Limits.handshakeBytesOutMax in all.
// - A token is sent only where `isSecured`.
// - A request is delivered only where `permissions` has what its method needs.

/// One connection, either side of it: a value that does no I/O and reads no clock.
///
/// Give it what happened and do what it says, in order. `deadline` says when to come back with
/// ``SessionEvent/time``; ``touch(_:)`` counts any byte as a sign of life.
package struct SessionMachine: Sendable {
    /// Which end this is.
    package let side: SessionSide
    /// What it keeps to.
    package let configuration: SessionConfiguration
    let started: BootInstant
    /// What this side knows.
    let methods: VersionTable
    /// Server: whom the socket is for.
    let family: RPCFamily
    /// Server: whether the peer may come in at all.
    let admission: PrefaceStatus
    /// Client: what it says of itself.
    let offer: Hello?
    /// Client: what proves who it is, where the server asks.
    let token: [UInt8]?
    /// Server: TLS has yet to come up; client: TLS protects what it sends.
    let isSecured: Bool
    /// Server: whom the transport has shown the client to be.
    var gate: SessionGate
    /// Server: when TLS was up.
    var securedAt: BootInstant?
    /// Server: what the client may do.
    var permissions: Permissions = []

    /// Where the connection stands.
    package internal(set) var state = SessionState.preface
    /// The client's family; known to a server from its preface.
    package internal(set) var role: PeerRole?
    var terms: SessionTerms?
    var peerMethods = VersionTable([])

    var incoming = OpenRequests()
    var outgoing = OpenRequests()
    /// The last number of the peer's farewell.
    var peerLast: UInt32?
    /// This side's last number; requests above it are not looked at.
    var ownLast = GoAway.lastUnknown
    /// This side's farewell: its code, and when its next step comes at the latest.
    var farewell: (code: ResultCode, until: BootInstant)?
    /// When a session that leaves closes at the latest.
    var drainUntil = BootInstant.distantFuture

    var received: BootInstant
    var asked: BootInstant?
    var pings = 0
    var pingsSince: BootInstant
    /// The control frames that the peer may send.
    var control: ControlBudget

    /// The PING that goes behind the first GOAWAY; others carry 0.
    static let fence: UInt64 = 0x6761_7765_6C6C_0001
    /// The last id that is given: the protocol's numbers end near it.
    static let idMax = UInt32.max - 3
    static let pingWindow = Duration.seconds(10)

    /// Makes the server's end of a connection that was accepted.
    ///
    /// Where `isSecured`, nothing is answered before ``SessionEvent/secured(_:)``; else the
    /// socket's family alone says what the client may do.
    package init(
        serving family: RPCFamily,
        admission: PrefaceStatus = .ok,
        isSecured: Bool = false,
        methods: VersionTable,
        _ configuration: SessionConfiguration,
        now: BootInstant
    ) {
        side = .server
        self.family = family
        self.admission = admission
        self.methods = methods
        self.configuration = configuration
        offer = nil
        token = nil
        self.isSecured = isSecured
        gate = isSecured ? .denied : .known(family.permissions)
        started = now
        received = now
        pingsSince = now
        control = ControlBudget(now: now)
    }

    /// Makes the client's end of a connection that was made; its preface is to be sent first.
    ///
    /// The token is sent where the server asks for one and the transport `isSecured`.
    package init(
        connectingAs role: PeerRole,
        offer: Hello,
        token: [UInt8]? = nil,
        isSecured: Bool = false,
        _ configuration: SessionConfiguration,
        now: BootInstant
    ) {
        side = .client
        family = role == .admin ? .admin : .rpc
        admission = .ok
        self.role = role
        self.offer = offer
        self.token = token
        self.isSecured = isSecured
        gate = .denied
        methods = VersionTable(offer.methods)
        self.configuration = configuration
        started = now
        received = now
        pingsSince = now
        control = ControlBudget(now: now)
    }

    /// Whether the peer said GOAWAY.
    package var hasFarewell: Bool { peerLast != nil }

    /// Bytes came: the peer lives.
    package mutating func touch(_ now: BootInstant) {
        received = now
        asked = nil
    }

    /// The one function that moves the session on; appends what is to be done.
    package mutating func handle(
        _ event: SessionEvent,
        now: BootInstant,
        into actions: inout [SessionAction]
    ) {
        switch event {
        case .request(let id, let field): request(id, field, &actions)
        case .response(let id, let field): answer(id, field, &actions)
        case .news(let id, let field): news(id, field, &actions)
        case .respond(let id, let field): respond(id, field, nil, now, &actions)
        case .fail(let error, let id, let field): respond(id, field, error, now, &actions)
        case .tell(let id, let field): tell(id, field, &actions)
        case .ask(let field, let tag): ask(field, tag, now, &actions)
        case .failure(let error, let id, let field): failure(error, id, field, &actions)
        case .cancel(let id): cancel(id, now, &actions)
        case .giveUp(let id): giveUp(id, &actions)
        case .clientPreface(let preface): clientPreface(preface, &actions)
        case .serverPreface(let preface): serverPreface(preface, &actions)
        case .hello(let hello, let hasMore): self.hello(hello, hasMore, &actions)
        case .helloAck(let answer): helloAck(answer, &actions)
        case .auth(let proof, let hasMore): auth(proof, hasMore, &actions)
        case .authOK(let answer): authOK(answer, &actions)
        case .judged(let verdict): judged(verdict, &actions)
        case .secured(let gate): secured(gate, now)
        case .untrusted(let words): close(.untrusted(words), &actions)
        case .ping(let opaque): ping(opaque, now, &actions)
        case .pong(let opaque): pong(opaque, now, &actions)
        case .goaway(let message): goaway(message, now, &actions)
        case .ignored(let count): ignored(count, now, &actions)
        case .refused(let refusal): refused(refusal, now, &actions)
        case .broken(let error): broken(error, &actions)
        case .malformed(let error): end(ErrorMessage(error), &actions)
        case .leave(let code, let drain): leave(code, drain, now, &actions)
        case .end(let error): end(error, &actions)
        case .time: time(now, &actions)
        case .stalled: close(.silent, &actions)
        case .unsent(let id): unsent(id, &actions)
        case .ended: close(.lost, &actions)
        }
        switch event {
        case .ping, .ignored, .time, .respond, .fail, .tell, .ask, .giveUp, .leave, .end, .stalled,
            .unsent,
            .ended, .judged, .secured, .untrusted:
            break
        case .clientPreface, .serverPreface, .hello, .helloAck, .auth, .authOK, .request,
            .response, .failure, .cancel, .news, .pong, .goaway, .refused, .broken, .malformed:
            pings = 0
        }
    }

    // MARK: - Ends

    /// Says why on the connection and closes; before its preface a server says nothing.
    mutating func end(_ error: ErrorMessage, _ actions: inout [SessionAction]) {
        switch state {
        case .preface: close(.local(error), &actions)
        case .hello, .auth, .ready, .soon, .leaving:
            actions.append(.sendError(error, id: 0, methodField: 0))
            close(.local(error), &actions)
        case .closed: break
        }
    }

    /// Closes: what this side still waited for has failed.
    mutating func close(_ end: SessionEnd, _ actions: inout [SessionAction]) {
        guard state != .closed else { return }
        state = .closed
        for entry in outgoing.removeAll(above: 0) {
            fail(entry, .closed, &actions)
        }
        actions.append(.explain(end))
        actions.append(.close)
    }

    mutating func protocolError(_ words: String, _ actions: inout [SessionAction]) {
        end(ErrorMessage(.protocolError, detail: words), &actions)
    }

    mutating func broken(_ error: FrameError, _ actions: inout [SessionAction]) {
        if error.isSilent {
            close(.garbage(error.explanation), &actions)
        } else {
            end(ErrorMessage(error), &actions)
        }
    }

    func fail(
        _ entry: OpenRequests.Entry,
        _ why: SessionFailure,
        _ actions: inout [SessionAction]
    ) {
        actions.append(
            .failed(why, id: entry.id, methodField: entry.methodField, tag: entry.tag)
        )
    }
}
