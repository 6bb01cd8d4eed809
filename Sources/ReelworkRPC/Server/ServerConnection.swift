// SPDX-License-Identifier: Apache-2.0
// Reelwork: the server's end of one connection.

internal import Logging
internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

/// The server's end of one connection: what the session says, told to the delegate.
final class ServerConnection: SessionOwner {
    private let shared: ServerShared
    private let eventLoop: any EventLoop
    private let origin: PeerOrigin
    private let id: RPCConnectionID
    /// The peer's process; nil where it is of no interest, or cannot be looked at.
    private var process: PeerProcess?
    private var isOpened = false
    private var isWorker = false
    private var isFarewell = false
    /// Who knows who the peer is; nil on sockets without TLS.
    private let authority: (any PeerAuthority)?
    /// Who it has proved to be, and counts as.
    private var identity: PeerIdentity?

    init(
        _ shared: ServerShared,
        _ origin: PeerOrigin,
        id: RPCConnectionID,
        authority: (any PeerAuthority)?,
        eventLoop: any EventLoop
    ) {
        self.shared = shared
        self.authority = authority
        self.origin = origin
        self.id = id
        self.eventLoop = eventLoop
        // Looked at before anything else, while the number is surely still the peer's.
        process = origin.pid.flatMap { shared.processes.take($0) }
    }

    deinit {
        forgetProcess()
    }

    func answerToHello(_ terms: SessionTerms) -> HelloAck? {
        HelloAck(
            features: terms.features,
            codec: terms.isCompressed ? .zlib : .none,
            frameBytesMax: UInt64(clamping: terms.frameBytesMax),
            requestsInFlightMax: UInt64(clamping: terms.requestsInFlightMax),
            methods: shared.configuration.methods,
            agent: shared.configuration.agent,
            cluster: shared.configuration.cluster,
            epoch: shared.configuration.epoch,
            now: ServerFiles.wallClock
        )
    }

    func gate(certificate: [UInt8]?) -> SessionGate {
        guard let authority else { return .denied }
        guard let certificate else { return .asks(mechanisms: [Auth.mechanismToken]) }
        do throws(CredentialRefusal) {
            let found = try authority.identity(certificate: certificate)
            guard enter(found) else { return .refused(tooMany(found)) }
            return .known(found.permissions)
        } catch {
            logRefusal(error)
            return .refused(error.message)
        }
    }

    func judge(_ proof: Auth) -> SessionVerdict {
        guard let authority else {
            return .rejected(ErrorMessage(.authFailed, detail: "no tokens are taken here"))
        }
        do throws(CredentialRefusal) {
            let found = try authority.identity(token: proof.data)
            guard enter(found) else { return .rejected(tooMany(found)) }
            return .admitted(
                AuthOK(identity: found.description, permissions: found.permissions)
            )
        } catch {
            logRefusal(error)
            return .rejected(error.message)
        }
    }

    /// Why the peer may no longer stay; nil while it may.
    var refusal: CredentialRefusal? { identity.flatMap { authority?.refusal(of: $0) } }

    private func enter(_ found: PeerIdentity) -> Bool {
        guard identity == nil, shared.enter(found) else { return false }
        identity = found
        return true
    }

    /// Who keeps a scheduler wants to see who tries to get in.
    private func logRefusal(_ refusal: CredentialRefusal) {
        shared.logger.info(
            "[Auth] Refused \(origin.address): \(refusal.words.escaped)",
            metadata: ["connection": "\(id.rawValue)"]
        )
    }

    private func tooMany(_ found: PeerIdentity) -> ErrorMessage {
        let words =
            "\(found) has \(Limits.connectionsPerCredentialMax) connections; close some, or make "
            + "another \(found.kind.noun)"
        return ErrorMessage(.denied, detail: words)
    }

    func opened(_ session: SessionHandler, _ terms: SessionTerms) {
        isOpened = true
        isWorker = terms.role == .worker
        if !isWorker { forgetProcess() }
        shared.authenticated(stranger: origin.stranger)
        shared.delegate.opened(
            RPCPeer(
                id: id,
                role: terms.role,
                isUnix: origin.isUnix,
                uid: origin.uid,
                gid: origin.gid,
                pid: origin.pid,
                identity: identity,
                address: origin.address,
                agent: terms.agent,
                frameBytesMax: terms.frameBytesMax,
                isCompressed: terms.isCompressed
            )
        )
    }

    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        shared.delegate.request(incoming, body: body)
    }

    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        shared.delegate.event(incoming, body: body)
    }

    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        shared.delegate.answered(incoming, body: body)
    }

    func failed(_ incoming: RPCIncoming, _ why: SessionFailure) {
        shared.delegate.failed(incoming, error: why.message)
    }

    func asked(_ id: UInt32, tag: UInt64) {}

    func settled(_ session: SessionHandler) {}

    func canceled(_ incoming: RPCIncoming) {
        shared.delegate.canceled(incoming)
    }

    func goaway(_ message: GoAway) {}

    func paused(_ isPaused: Bool) {
        shared.delegate.paused(id, isPaused: isPaused)
    }

    func roomy() {
        shared.delegate.roomy(id)
    }

    func closed(_ end: SessionEnd, isFarewell: Bool) {
        self.isFarewell = isFarewell
        switch end {
        case .garbage(let words): log("closed a connection that made no sense", words)
        case .local(let error): log("closed a connection", error.detail)
        case .remote(let error): log("the peer closed with an error", error.detail.escaped)
        case .refused(let status, _):
            log("sent a peer away", "\(status?.name ?? "unknown") from \(origin.address)")
        case .untrusted(let words): log("TLS failed", words.escaped)
        case .silent: log("closed a silent connection", "no sign of life")
        case .left, .lost: break
        }
        if isOpened {
            shared.delegate.closed(id, isFarewell: isFarewell)
        } else {
            shared.authenticated(stranger: origin.stranger)
        }
    }

    func gone() {
        shared.gone()
        if let identity { shared.leave(identity) }
        identity = nil
        guard isOpened, isWorker, !isFarewell, process != nil else { return forgetProcess() }
        let latest = LoopState.now.advanced(by: Limits.processGoneWait)
        lookForProcess(wait: .milliseconds(1), latest: latest)
    }

    private func log(_ message: Logger.Message, _ cause: String) {
        shared.logger.debug(
            message,
            metadata: [
                "connection": "\(id.rawValue)", "peer": "\(origin.address)",
                "cause": "\(cause)",
            ]
        )
    }

    // MARK: - The peer's process

    private func forgetProcess() {
        guard let known = process else { return }
        process = nil
        shared.processes.give(back: known)
    }

    /// Asks whether the process has ended, again and again for a short while: a process that is
    /// killed closes its sockets a little before it ends.
    private func lookForProcess(wait: TimeAmount, latest: BootInstant) {
        guard let process else { return }
        if process.hasEnded {
            forgetProcess()
            return shared.delegate.processGone(id)
        }
        guard LoopState.now < latest else { return forgetProcess() }
        eventLoop.assumeIsolated().scheduleTask(in: wait) {
            self.lookForProcess(
                wait: min(wait + wait, .milliseconds(32)),
                latest: latest
            )
        }
    }
}
