// SPDX-License-Identifier: Apache-2.0
// Reelwork: one end of a connection in a simulated world

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

/// One end of a connection: the real machine, decoder and encoder, with bytes on both sides.
///
/// It does for the machine what the product's channel handler does, with arrays for buffers.
struct WorldSession {
    private(set) var machine: SessionMachine
    private var decoder: FrameDecoder
    /// Bytes that are not a whole frame yet.
    private var unread: [UInt8] = []
    /// Bytes that are to go out.
    private(set) var out: [UInt8] = []
    /// The machine wants the connection closed once all is out.
    private(set) var isClosing = false
    /// When its timer event comes; that of another time is out of date.
    var timerAt = BootInstant.distantFuture

    /// Takes one end; a client's preface is ready to go out.
    init(_ machine: SessionMachine) {
        self.machine = machine
        decoder = FrameDecoder(stage: machine.side == .server ? .hello : .helloAck)
        out = machine.firstBytes
    }

    mutating func takeOut() -> [UInt8] {
        let bytes = out
        out = []
        return bytes
    }

    // MARK: - From the transport

    /// Bytes came.
    mutating func receive(_ bytes: [UInt8], _ wire: inout WorldWire, now: BootInstant) {
        guard !isClosing else { return }
        machine.touch(now)
        wire.bytes += bytes.count
        let input = unread.isEmpty ? bytes : unread + bytes
        unread = []
        let rest =
            machine.state == .preface
            ? readPreface(input, &wire, now: now) : readFrames(input, &wire, now: now)
        if machine.state != .closed, rest < input.count { unread = Array(input[rest...]) }
    }

    /// Reads a preface; answers how many bytes it took.
    ///
    /// What follows a server's preface in the same read waits for the next one, as nothing may.
    private mutating func readPreface(
        _ input: [UInt8],
        _ wire: inout WorldWire,
        now: BootInstant
    ) -> Int {
        do throws(FrameError) {
            switch machine.side {
            case .server:
                guard let preface = try ClientPreface(reading: input.span.bytes) else { return 0 }
                handle(.clientPreface(preface), &wire, now: now)
            case .client:
                guard let role = machine.role else { return 0 }
                let offer = ClientPreface(role: role)
                let preface = try ServerPreface(reading: input.span.bytes, answering: offer)
                guard let preface else { return 0 }
                handle(.serverPreface(preface), &wire, now: now)
            }
        } catch {
            handle(.broken(error), &wire, now: now)
        }
        return min(Preface.byteCount, input.count)
    }

    private mutating func readFrames(
        _ input: [UInt8],
        _ wire: inout WorldWire,
        now: BootInstant
    ) -> Int {
        var offset = 0
        do throws(FrameError) {
            while machine.state != .closed {
                let span = input.span.bytes.extracting(offset...)
                switch try decoder.next(in: span, &wire.inflater) {
                case .needMore(let consumed, _): return offset + consumed
                case .refused(let refusal, let consumed):
                    offset += consumed
                    handle(.refused(refusal), &wire, now: now)
                case .frame(let frame, let consumed):
                    offset += consumed
                    wire.frames += 1
                    let parcel = WorldParcel.read(
                        frame,
                        frame.body(in: span, wire.inflater),
                        at: machine.side,
                        hasMore: consumed < span.byteCount
                    )
                    handle(parcel.event, content: parcel.content, &wire, now: now)
                }
            }
        } catch {
            handle(.broken(error), &wire, now: now)
        }
        return offset
    }

    /// The transport is gone.
    mutating func end(_ wire: inout WorldWire, now: BootInstant) {
        handle(.ended, &wire, now: now)
    }

    /// Its timer came.
    mutating func time(_ wire: inout WorldWire, now: BootInstant) {
        handle(.time, &wire, now: now)
    }

    // MARK: - From the owner

    /// Sends one thing.
    mutating func send(
        _ content: RPCDelivery.Content,
        _ wire: inout WorldWire,
        now: BootInstant
    ) {
        switch content {
        case .response(let body, let request):
            let event = SessionEvent.respond(id: request, methodField: body.methodField)
            handle(event, sending: body, &wire, now: now)
        case .error(let error, let method, let request):
            let field = FrameHeader.field(method)
            handle(.fail(error, id: request, methodField: field), &wire, now: now)
        case .event(let body, let request, _):
            let event = SessionEvent.tell(id: request, methodField: body.methodField)
            handle(event, sending: body, &wire, now: now)
        case .request(let body, let tag):
            let event = SessionEvent.ask(methodField: body.methodField, tag: tag)
            handle(event, sending: body, &wire, now: now)
        case .close(let error): handle(.end(error), &wire, now: now)
        // The world's transport hands over one frame at a time: there is nothing to hold.
        case .reading, .probe, .ticket: break
        }
    }

    /// Says goodbye and closes.
    mutating func leave(_ wire: inout WorldWire, now: BootInstant) {
        handle(.leave(.ok, drain: .zero), &wire, now: now)
    }

    // MARK: - The machine

    private mutating func handle(
        _ event: SessionEvent,
        content: WorldParcel.Content = .none,
        sending: FrameBody? = nil,
        _ wire: inout WorldWire,
        now: BootInstant
    ) {
        var actions: [SessionAction] = []
        machine.handle(event, now: now, into: &actions)
        for action in actions { perform(action, content, sending, &wire, now: now) }
    }

    private mutating func perform(
        _ action: SessionAction,
        _ content: WorldParcel.Content,
        _ sending: FrameBody?,
        _ wire: inout WorldWire,
        now: BootInstant
    ) {
        switch action {
        case .deliverRequest: deliver(content, 0, &wire, now: now)
        case .deliverNews(let tag): deliver(content, tag, &wire, now: now)
        case .deliverAnswer(let tag): deliver(content, tag, &wire, now: now)
        case .sendBody(let id): send(sending, id, &wire)
        case .sendError(let error, let id, let field):
            send(error, kind: .error, field: field, id: id, &wire)
        case .sendPong(let opaque): send(Ping(opaque: opaque), kind: .pong, &wire)
        case .sendPing(let opaque): send(Ping(opaque: opaque), kind: .ping, &wire)
        case .sendGoAway(let message): send(message, kind: .goaway, &wire)
        case .sendCancel: wire.troubles.append("a request was given up")
        case .sendPreface(let bytes): out += bytes
        case .sendHello(let hello): send(hello, kind: .hello, &wire)
        case .sendHelloAck(let terms, _):
            send(WorldSession.answer(to: terms), kind: .helloAck, &wire)
        case .awaitHello: decoder.stage = .hello
        case .awaitHelloAck: decoder.stage = .helloAck
        case .sendAuth, .sendAuthOK, .awaitAuth, .awaitAuthOK, .judge:
            // The world's sockets are Unix sockets: nobody asks for a proof.
            wire.troubles.append("a proof of identity was asked for")
        case .open(let terms):
            decoder.open(
                frameBytesMax: terms.frameBytesMax,
                isCompressionAllowed: terms.isCompressed
            )
        case .opened: wire.arrivals.append(.opened)
        case .deliverCancel, .deliverGoAway: break
        case .failed(let why, _, let field, _): fail(why, field, &wire)
        case .explain(let end):
            wire.arrivals.append(.closed(end, isFarewell: machine.hasFarewell))
        case .close: isClosing = true
        }
    }

    private mutating func deliver(
        _ content: WorldParcel.Content,
        _ tag: UInt64,
        _ wire: inout WorldWire,
        now: BootInstant
    ) {
        switch content {
        case .none: break
        case .toScheduler(let message): wire.arrivals.append(.toScheduler(message))
        case .toWorker(let message): wire.arrivals.append(.toWorker(message.answering(tag)))
        case .malformed(let error):
            wire.troubles.append(error.explanation)
            handle(.malformed(error), &wire, now: now)
        }
    }

    private func fail(_ why: SessionFailure, _ field: UInt16, _ wire: inout WorldWire) {
        guard machine.side == .client, let method = Method(rawValue: field >> 4) else { return }
        let error = why.message
        let isAnswered =
            switch why {
            case .remote: true
            case .closed, .notLookedAt, .busy, .unimplemented, .tooLarge: false
            }
        wire.arrivals.append(
            .toWorker(
                .failed(method, isAnswered ? error.code : nil, retryAfter: error.retryAfter)
            )
        )
    }

    private static func answer(to terms: SessionTerms) -> HelloAck {
        HelloAck(
            features: terms.features,
            codec: terms.isCompressed ? .zlib : .none,
            frameBytesMax: UInt64(clamping: terms.frameBytesMax),
            requestsInFlightMax: UInt64(clamping: terms.requestsInFlightMax),
            agent: "reelwork/world",
            cluster: JobID(high: 1, low: 1),
            epoch: 1,
            now: Timestamp(milliseconds: 0)
        )
    }

    // MARK: - Frames

    private mutating func send(
        _ body: FrameBody?,
        _ id: UInt32,
        _ wire: inout WorldWire
    ) {
        guard let body else { return }
        send(body.message, kind: body.kind, field: body.methodField, id: id, &wire)
    }

    private mutating func send(
        _ message: some WireMessage,
        kind: FrameKind,
        field: UInt16 = 0,
        id: UInt32 = 0,
        _ wire: inout WorldWire
    ) {
        encode(&wire) { encoder, deflater throws(FrameError) in
            try encoder.append(
                message,
                kind: kind,
                methodField: field,
                requestID: id,
                &deflater
            )
        }
    }

    private mutating func encode(
        _ wire: inout WorldWire,
        _ body: (inout FrameEncoder, inout Deflater) throws(FrameError) -> Void
    ) {
        wire.encoder.reset()
        wire.encoder.frameBytesMax = decoder.frameBytesMax
        wire.encoder.isCompressionAllowed = decoder.isCompressionAllowed
        do throws(FrameError) {
            try body(&wire.encoder, &wire.deflater)
            out += wire.encoder.array
        } catch {
            wire.troubles.append("a frame could not be made: \(error.explanation)")
        }
    }
}
