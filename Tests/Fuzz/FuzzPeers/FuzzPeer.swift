// SPDX-License-Identifier: Apache-2.0
// Reelwork: one end of a connection, its bytes in arrays

internal import FuzzKit
package import ReelworkCore
package import ReelworkRPC
package import ReelworkWire

/// One end of a connection, its bytes in arrays: what `SessionHandler` is over a transport.
///
/// It checks what must hold at every step, whatever its peer sends.
package final class FuzzPeer {
    /// The end itself.
    package private(set) var machine: SessionMachine
    /// What it was asked and has asked.
    package private(set) var ledger = FuzzLedger()
    /// What it has sent and nobody has taken yet.
    package private(set) var outbox: [UInt8] = []
    /// Why it ended.
    package private(set) var end: SessionEnd?
    /// What was agreed.
    package private(set) var terms: SessionTerms?
    /// Bodies that were delivered, by kind, method and id.
    package private(set) var deliveries: [String] = []
    /// The same of what was sent.
    package private(set) var departures: [String] = []
    /// Its clock.
    package var now: BootInstant

    /// Client: whether it is inside TLS.
    private let isSecured: Bool
    /// Server inside TLS: whether it asked what an AUTH is worth.
    private var hasJudged = false
    /// Server inside TLS: what the client may do, once that is known.
    private var permissions: Permissions?
    private var gate: SessionGate?

    private var decoder: FrameDecoder
    private var encoder = FrameEncoder()
    private var inflater = Inflater()
    private var deflater = Deflater()
    private var unread: [UInt8] = []
    private var bytesBeforeReady = 0

    /// Makes an end; a client's first bytes are in its outbox.
    package init(_ machine: SessionMachine, isSecured: Bool = false, now: BootInstant) {
        self.machine = machine
        self.isSecured = isSecured
        self.now = now
        decoder = FrameDecoder(stage: machine.side == .server ? .hello : .helloAck)
        outbox = machine.side == .client ? machine.firstBytes : []
    }

    /// Whether it has closed.
    package var isClosed: Bool { end != nil }

    /// Takes what waits to go out: at most so many bytes.
    package func take(_ count: Int = .max) -> [UInt8] {
        let taken = Array(outbox.prefix(count))
        outbox.removeFirst(taken.count)
        return taken
    }

    /// Puts bytes behind those that wait, as if this end had sent them.
    package func forge(_ bytes: [UInt8]) { outbox += bytes }

    // MARK: - Bytes that come

    /// Bytes have come.
    package func receive(_ bytes: [UInt8]) {
        guard !isClosed else { return }
        machine.touch(now)
        unread += bytes
        switch machine.state {
        case .preface:
            readPreface()
            if machine.state == .hello, !unread.isEmpty { readFrames() }
        case .closed: break
        default: readFrames()
        }
    }

    private func readPreface() {
        do throws(FrameError) {
            if machine.side == .server {
                guard let preface = try ClientPreface(reading: unread.span.bytes) else { return }
                unread.removeFirst(Preface.byteCount)
                handle(.clientPreface(preface))
            } else {
                let offer = ClientPreface(role: machine.role ?? .worker)
                let preface = try ServerPreface(reading: unread.span.bytes, answering: offer)
                guard let preface else { return }
                unread.removeFirst(Preface.byteCount)
                handle(.serverPreface(preface))
            }
        } catch {
            handle(.broken(error))
        }
    }

    private func readFrames() {
        var offset = 0
        let input = unread
        do throws(FrameError) {
            reading: while !isClosed {
                let span = input.span.bytes.extracting(offset...)
                switch try decoder.next(in: span, &inflater) {
                case .needMore(let consumed, _):
                    offset += consumed
                    break reading
                case .frame(let frame, let consumed):
                    offset += consumed
                    let body = FuzzPeer.body(of: frame, in: span, inflater)
                    dispatch(frame, body, hasMore: consumed < span.byteCount)
                case .refused(let refusal, let consumed):
                    offset += consumed
                    handle(.refused(refusal), isStray: refusal.header.kind == nil)
                }
            }
        } catch {
            handle(.broken(error))
        }
        unread.removeFirst(min(offset, unread.count))
    }

    private static func body(
        of frame: Frame,
        in span: RawSpan,
        _ inflater: borrowing Inflater
    ) -> [UInt8] {
        frame.body(in: span, inflater).withUnsafeBytes { [UInt8]($0) }
    }

    private func dispatch(_ frame: Frame, _ body: [UInt8], hasMore: Bool) {
        let (id, field) = (frame.header.requestID, frame.header.methodField)
        switch frame.kind {
        case .request: handle(.request(id: id, methodField: field), frame, body)
        case .response: handle(.response(id: id, methodField: field), frame, body)
        case .event: handle(.news(id: id, methodField: field), frame, body)
        case .cancel: handle(.cancel(id: id))
        case .hello, .helloAck, .auth, .authOK, .error, .ping, .pong, .goaway:
            do throws(WireError) {
                if let event = try FuzzControl.event(frame, body, hasMore) { handle(event) }
            } catch {
                handle(.malformed(error))
            }
        }
    }

    // MARK: - What the owner wants

    /// Server: TLS is up, and shows the client to be this.
    package func secure(_ gate: SessionGate) {
        let isFirst = self.gate == nil && machine.state == .preface
        handle(.secured(gate))
        guard isFirst else { return }
        self.gate = gate
        if case .known(let permissions) = gate { self.permissions = permissions }
    }

    /// Something happens at this end.
    package func handle(
        _ event: SessionEvent,
        _ frame: Frame? = nil,
        _ body: [UInt8] = [],
        sending wish: FuzzWish? = nil,
        isStray: Bool = false,
        isOwners: Bool = false
    ) {
        var actions: [SessionAction] = []
        machine.handle(event, now: now, into: &actions)
        for action in actions {
            ledger.see(action)
            perform(action, frame, body, wish, isStray, isOwners)
        }
        Invariant.hold((machine.state == .closed) == isClosed, "closed and not closed")
        if isClosed { ledger.expectNothingWaits() }
    }

    /// Asks the other end something.
    package func ask(methodField: UInt16, _ body: FuzzFiller) {
        let tag = ledger.ask()
        asking = tag
        handle(
            .ask(methodField: methodField, tag: tag),
            sending: FuzzWish(.request, methodField: methodField, body)
        )
        asking = 0
    }

    private var asking: UInt64 = 0

    /// Answers a request that was delivered with an error.
    package func fail(_ error: ErrorMessage, _ request: FuzzLedger.Open) {
        handle(
            .fail(error, id: request.id, methodField: request.methodField),
            isOwners: true
        )
    }

    /// Its clock goes on; whatever was due is done, and then nothing is.
    package func wait(_ time: Duration) {
        now = now.advanced(by: time)
        var rounds = 0
        while !isClosed, machine.deadline <= now {
            handle(.time)
            rounds += 1
            Invariant.hold(rounds < 4, "a deadline that passes and passes")
        }
    }

    // MARK: - What the machine says

    private func perform(
        _ action: SessionAction,
        _ frame: Frame?,
        _ body: [UInt8],
        _ wish: FuzzWish?,
        _ isStray: Bool,
        _ isOwners: Bool
    ) {
        if case .sendAuth = action {
            Invariant.hold(isSecured && terms == nil, "a token leaves outside of TLS")
        }
        switch FuzzControl.perform(action, &decoder) {
        case .sends(let message, let kind):
            send(message, kind: kind)
            return
        case .is(done: true): return
        case .is(done: false): break
        }
        switch action {
        case .sendPreface(let bytes): emit(bytes)
        case .sendError(let error, let id, let field):
            if id != 0, !isStray { ledger.answer(id, isRefusal: !isOwners) }
            send(error, kind: .error, methodField: field, id: id)
        case .sendCancel(let id):
            encoder.reset()
            encoder.appendCancel(id: id)
            emit(encoder.array)
        case .sendPing(let opaque): send(Ping(opaque: opaque), kind: .ping)
        case .sendPong(let opaque): send(Ping(opaque: opaque), kind: .pong)
        case .sendGoAway(let message): send(message, kind: .goaway)
        case .sendBody(let id): sendBody(wish, id)
        case .judge(let proof): judge(proof)
        case .opened(let agreed): open(agreed)
        case .deliverRequest:
            guard let frame else { Invariant.fail("a request without a frame") }
            expectAllowed(frame)
            deliver(frame, body)
            ledger.deliver(
                frame.header.requestID,
                frame.header.methodField,
                countedMax: terms?.requestsInFlightMax ?? 0
            )
        case .deliverNews: deliver(frame, body)
        case .deliverAnswer(let tag):
            deliver(frame, body)
            ledger.settle(tag, id: frame?.header.requestID ?? 0)
        case .failed(_, let id, _, let tag): ledger.settle(tag, id: id)
        case .deliverCancel(let id, _): ledger.expectOpen(id)
        case .explain(let end): self.end = end
        case .close, .deliverGoAway: break
        default: break
        }
    }

    /// As the owner of a server's session does.
    private func judge(_ proof: Auth) {
        Invariant.hold(!hasJudged, "a second AUTH is judged")
        hasJudged = true
        guard case .asks(let mechanisms)? = gate, mechanisms.contains(proof.mechanism) else {
            Invariant.fail("an AUTH is judged that nobody asked for")
        }
        let verdict = FuzzRegister.judge(proof)
        if case .admitted(let answer) = verdict { permissions = answer.permissions }
        handle(.judged(verdict))
    }

    private func open(_ agreed: SessionTerms) {
        Invariant.hold(terms == nil, "a session opens twice")
        terms = agreed
        guard machine.side == .server, isSecured else { return }
        let isKnown = permissions.map { FuzzEntry.mayEnter(agreed.role, $0) } ?? false
        Invariant.hold(isKnown, "a \(agreed.role) is in who may not be")
    }

    private func expectAllowed(_ frame: Frame) {
        guard machine.side == .server, isSecured else { return }
        let needed = frame.header.method?.permission ?? .admin
        let isAllowed = permissions?.isSuperset(of: needed) ?? false
        Invariant.hold(isAllowed, "\(frame.header) is delivered without its permission")
    }

    private func sendBody(_ wish: FuzzWish?, _ id: UInt32) {
        guard let wish else { Invariant.fail("a body that nobody wants to send") }
        if wish.kind == .request { ledger.sent(asking, id: id) }
        let isSent = send(wish.body, kind: wish.kind, methodField: wish.methodField, id: id)
        switch wish.kind {
        case .request where !isSent: handle(.unsent(id: id))
        case .response:
            ledger.answer(id, isRefusal: false)
            guard !isSent else { break }
            let error = ErrorMessage(.frameTooLarge, detail: "too large")
            send(error, kind: .error, methodField: wish.methodField, id: id)
        default: break
        }
        if isSent { note(&departures, wish.kind, wish.methodField, id, wish.body.encoded) }
    }

    private func deliver(_ frame: Frame?, _ body: [UInt8]) {
        guard let frame else { Invariant.fail("a delivery without a frame") }
        let header = frame.header
        note(&deliveries, frame.kind, header.methodField, header.requestID, body)
    }

    private func note(
        _ list: inout [String],
        _ kind: FrameKind,
        _ field: UInt16,
        _ id: UInt32,
        _ body: [UInt8]
    ) {
        list.append("\(kind) \(field) \(id) \(body.count) \(Checksum.crc32c(body.span.bytes))")
    }

    @discardableResult
    private func send(
        _ message: some WireMessage,
        kind: FrameKind,
        methodField: UInt16 = 0,
        id: UInt32 = 0
    ) -> Bool {
        encoder.reset()
        encoder.frameBytesMax = decoder.frameBytesMax
        encoder.isCompressionAllowed = decoder.isCompressionAllowed
        do throws(FrameError) {
            try encoder.append(
                message,
                kind: kind,
                methodField: methodField,
                requestID: id,
                &deflater
            )
        } catch {
            return false
        }
        emit(encoder.array)
        return true
    }

    private func emit(_ bytes: [UInt8]) {
        outbox += bytes
        guard terms == nil else { return }
        bytesBeforeReady += bytes.count
        let most = Limits.handshakeBytesOutMax
        Invariant.hold(bytesBeforeReady <= most, "\(bytesBeforeReady) bytes before the handshake")
    }
}
