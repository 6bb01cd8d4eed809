// SPDX-License-Identifier: Apache-2.0
// Reelwork: does what the machine says.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

extension SessionHandler {
    /// Tells the machine what happened and does what it says.
    ///
    /// `header` and `body` are the frame at hand; `sending` is the body that is to go out.
    @inline(never)
    func handle(
        _ event: SessionEvent,
        header: FrameHeader? = nil,
        body: RawSpan = RawSpan(),
        sending: FrameBody? = nil
    ) {
        var actions = loop.takeActions()
        let before = machine.state
        machine.handle(event, now: now, into: &actions)
        for action in actions {
            perform(action, header, body, sending)
        }
        loop.give(back: &actions)
        if machine.state != before { arm() }
    }

    private func perform(
        _ action: SessionAction,
        _ header: FrameHeader?,
        _ body: RawSpan,
        _ sending: FrameBody?
    ) {
        switch action {
        case .deliverRequest:
            if let header { deliverRequest(header, body) }
        case .deliverNews(let tag):
            guard let incoming = incoming(header, tag) else { return }
            if let error = owner.event(incoming, body: body) { handle(.malformed(error)) }
        case .deliverAnswer(let tag):
            guard let incoming = incoming(header, tag) else { return }
            if let error = owner.answered(incoming, body: body) { handle(.malformed(error)) }
            hasSettled = true
        case .sendBody(let id): sendBody(sending, id)
        case .sendError(let error, let id, let field):
            send(error, kind: .error, methodField: field, id: id)
        case .sendPong(let opaque): send(Ping(opaque: opaque), kind: .pong)
        case .sendPing(let opaque): send(Ping(opaque: opaque), kind: .ping)
        case .sendGoAway(let message): send(message, kind: .goaway)
        case .sendCancel(let id): sendCancel(id)
        case .sendPreface(let bytes): write(bytes)
        case .sendHello(let hello): send(hello, kind: .hello)
        case .sendHelloAck(let terms, let mechanisms):
            guard var answer = owner.answerToHello(terms) else { return }
            answer.mechanisms = mechanisms
            send(answer, kind: .helloAck)
        case .sendAuth(let proof): send(proof, kind: .auth)
        case .sendAuthOK(let answer): send(answer, kind: .authOK)
        case .judge(let proof): handle(.judged(owner.judge(proof)))
        case .awaitHello: decoder.stage = .hello
        case .awaitHelloAck: decoder.stage = .helloAck
        case .awaitAuth: decoder.stage = .auth
        case .awaitAuthOK: decoder.stage = .authOK
        case .open(let terms):
            decoder.open(
                frameBytesMax: terms.frameBytesMax,
                isCompressionAllowed: terms.isCompressed
            )
        case .opened(let terms): owner.opened(self, terms)
        case .deliverCancel(let id, let field): deliverCancel(id, field)
        case .failed(let why, let id, let field, let tag):
            guard let incoming = incoming(id, field, tag) else { return }
            owner.failed(incoming, why)
            hasSettled = true
        case .deliverGoAway(let message): owner.goaway(message)
        case .explain(let end): explain(end)
        case .close: close()
        }
    }

    func deliverRequest(_ header: FrameHeader, _ body: RawSpan) {
        guard let incoming = incoming(header, 0) else { return }
        guard let error = owner.request(incoming, body: body) else { return }
        switch error {
        case .malformed: handle(.malformed(error))
        case .invalid:
            handle(
                .fail(
                    ErrorMessage(error),
                    id: header.requestID,
                    methodField: header.methodField
                )
            )
        }
    }

    private func deliverCancel(_ id: UInt32, _ field: UInt16) {
        guard let incoming = incoming(id, field, 0) else { return }
        owner.canceled(incoming)
    }

    private func incoming(_ header: FrameHeader?, _ tag: UInt64) -> RPCIncoming? {
        header.flatMap { incoming($0.requestID, $0.methodField, tag) }
    }

    private func incoming(_ id: UInt32, _ field: UInt16, _ tag: UInt64) -> RPCIncoming? {
        guard let method = Method(rawValue: field >> 4) else { return nil }
        return RPCIncoming(
            connection: self.id,
            requestID: id,
            method: method,
            version: UInt8(field & 0xF),
            receivedAt: now,
            tag: tag
        )
    }

    private func explain(_ end: SessionEnd) {
        owner.closed(end, isFarewell: machine.hasFarewell)
        switch end {
        case .garbage, .silent, .lost, .untrusted: lingersUntil = nil
        case .refused, .remote, .local, .left:
            // A close with bytes unread would cut off what the peer has not read (TCP).
            lingersUntil = now.advanced(by: SessionHandler.lingerTime)
        }
    }

    static let lingerTime = Duration.seconds(1)
}
