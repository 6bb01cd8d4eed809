// SPDX-License-Identifier: Apache-2.0
// Reelwork: from the machine to bytes.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

extension SessionHandler {
    // MARK: - What the owner wants to send

    /// Sends one thing; it is flushed with its batch.
    func send(_ content: consuming RPCDelivery.Content, _ now: BootInstant) {
        self.now = now
        switch content {
        case .response(let body, let request):
            if machine.settle(request, body.methodField) {
                sendAnswer(body, request)
            } else {
                handle(.respond(id: request, methodField: body.methodField), sending: body)
            }
        case .error(let error, let method, let request):
            handle(.fail(error, id: request, methodField: FrameHeader.field(method)))
        case .event(let body, let request, let isDroppable):
            if isDroppable, isAboveSoft { return }
            handle(.tell(id: request, methodField: body.methodField), sending: body)
        case .request(let body, let tag):
            handle(.ask(methodField: body.methodField, tag: tag), sending: body)
        case .close(let error): handle(.end(error))
        case .reading(let isHeld): return holdReading(isHeld)
        case .probe: isProbed = true
        case .ticket(let ticket):
            ticket.noteFramed()
            guard !isClosing else { return }
            tickets.append(ticket)
        }
        listForFlush()
    }

    /// Begins this side's farewell.
    func leave(_ code: ResultCode, drain: Duration) {
        now = LoopState.now
        handle(.leave(code, drain: drain))
        listForFlush()
    }

    /// The answer to a request of this side is no longer wanted.
    func giveUp(_ id: UInt32) {
        handle(.giveUp(id: id))
        listForFlush()
    }

    /// Closes without a word.
    func drop() {
        now = LoopState.now
        handle(.ended)
        context?.close(promise: nil)
    }

    private var isAboveSoft: Bool {
        guard bytesWaiting > 0 else { return false }
        askWhatWaits()
        return bytesWaiting + (out?.readableBytes ?? 0) > Limits.outboundBytesSoft
    }

    func listForFlush() {
        guard !isFlushListed, out != nil || hasSettled || isProbed || hasSpecials else { return }
        isFlushListed = true
        loop.needsFlush(self)
    }

    /// There is more to flush than `out`.
    var hasSpecials: Bool { hasWritten || !printed.isEmpty || !tickets.isEmpty }

    // MARK: - Frames

    func sendBody(_ body: FrameBody?, _ id: UInt32) {
        guard let body else { return }
        if body.kind == .response { return sendAnswer(body, id) }
        let isSent = send(body.message, kind: body.kind, methodField: body.methodField, id: id)
        switch body.kind {
        case .request:
            if !isSent {
                handle(.unsent(id: id))
            } else if let entry = machine.outgoing.find(id) {
                owner.asked(id, tag: entry.tag)
            }
        case .response, .event, .hello, .helloAck, .auth, .authOK, .error, .cancel, .ping, .pong,
            .goaway:
            // News that nobody could take are no news; who makes them keeps to the limit.
            break
        }
    }

    private func sendAnswer(_ body: FrameBody, _ id: UInt32) {
        if let frame = body.printed { return sendPrinted(frame) }
        let field = body.methodField
        if !send(body.message, kind: .response, methodField: field, id: id) {
            sendTooLarge(field, id)
        }
    }

    private func sendTooLarge(_ methodField: UInt16, _ id: UInt32) {
        let most = decoder.frameBytesMax
        let error = ErrorMessage(
            .frameTooLarge,
            detail: "the answer is larger than \(most) bytes: ask for less",
            limit: UInt64(clamping: most)
        )
        send(error, kind: .error, methodField: methodField, id: id)
    }

    /// Puts a message into a frame behind what waits to be flushed; false where it is too large.
    @discardableResult
    func send(
        _ message: any WireMessage,
        kind: FrameKind,
        methodField: UInt16 = 0,
        id: UInt32 = 0
    ) -> Bool {
        var buffer = takeOut() ?? ByteBuffer()
        let isMade = loop.press.print(
            message,
            kind: kind,
            methodField: methodField,
            id: id,
            frameBytesMax: decoder.frameBytesMax,
            isCompressionAllowed: decoder.isCompressionAllowed,
            into: &buffer
        )
        if context != nil, !isClosing { out = buffer }
        return isMade
    }

    func sendCancel(_ id: UInt32) {
        guard var buffer = takeOut() else { return }
        loop.press.printCancel(id: id, into: &buffer)
        out = buffer
    }

    /// What waits to be flushed, or an empty buffer, to be put back into `out`; nil where nothing
    /// can be sent any more.
    private func takeOut() -> ByteBuffer? {
        guard let context, !isClosing else { return nil }
        if !printed.isEmpty { writePrinted(context) }
        defer { out = nil }
        if let out { return out }
        return loop.takeBuffer(context.channel.allocator)
    }

    func write(_ bytes: [UInt8]) {
        guard var buffer = takeOut() else { return }
        buffer.writeBytes(bytes)
        out = buffer
    }

    // MARK: - The transport

    /// Gives the transport what was written.
    func flush() {
        isFlushListed = false
        if hasSettled {
            hasSettled = false
            owner.settled(self)
        }
        if let context {
            if hasSpecials {
                flushSpecials(context)
            } else if let buffer = takeWritten() {
                if buffer.capacity > Limits.outboundPieceBytes {
                    writePieces(buffer, context)
                    context.flush()
                } else {
                    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
                }
                loop.give(back: buffer)
                watchWhatWaits()
            }
        }
        if isProbed { answerProbe() }
    }

    /// Takes what is in `out`, to be written.
    func takeWritten() -> ByteBuffer? {
        guard let buffer = out else { return nil }
        out = nil
        bytesQueued += buffer.readableBytes
        return buffer
    }

    /// Copies what is large into pieces: whatever the peer has taken is free again, and the buffer,
    /// which may be twice as large as what is in it, serves the next frame.
    func writePieces(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        var rest = buffer
        while rest.readableBytes > 0 {
            let count = min(rest.readableBytes, Limits.outboundPieceBytes)
            var piece = context.channel.allocator.buffer(capacity: count)
            if let part = rest.readSlice(length: count) { piece.writeImmutableBuffer(part) }
            context.write(wrapOutboundOut(piece), promise: nil)
        }
    }

    /// Says that there is room for more, where there is; else the transport says so later.
    func answerProbe() {
        guard let context, !isClosing, context.channel.isWritable else { return }
        isProbed = false
        owner.roomy()
    }

    /// Asks the transport how much the peer has not taken.
    func askWhatWaits() {
        guard let context else { return }
        let before = bytesWaiting
        bytesWaiting =
            (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        loop.outboundBytes += bytesWaiting - before
    }

    func watchWhatWaits() {
        let waitedBefore = bytesWaiting > 0
        askWhatWaits()
        guard bytesWaiting > 0 else { return }
        if bytesWaiting > machine.configuration.outboundBytesMax { return handle(.stalled) }
        if !waitedBefore {
            progress = (bytesQueued - bytesWaiting, now)
            arm()
        }
        if bytesWaiting > machine.configuration.outboundBytesPause, !isPaused {
            isPaused = true
            if machine.state.isOpen { owner.paused(true) }
        }
        loop.fileSlow(self)
        loop.relieve(now)
    }

    /// What waits goes with its connection.
    func forgetWhatWaits() {
        loop.outboundBytes -= bytesWaiting
        bytesWaiting = 0
    }

    /// Notes how much of what waited has left; asks the transport.
    func noteProgress(_ now: BootInstant) {
        askWhatWaits()
        let gone = bytesQueued - bytesWaiting
        if gone > progress.bytes { progress = (gone, now) }
    }

    /// Looks whether the peer takes what waits for it.
    func checkProgress() {
        guard bytesWaiting > 0 else { return }
        noteProgress(now)
        if bytesWaiting > 0,
            now >= progress.at.advanced(by: machine.configuration.outboundStallMax)
        {
            handle(.stalled)
        }
    }

    /// So much waits for all peers that this one, which takes nothing, has to go.
    func makeRoom(_ now: BootInstant) {
        self.now = now
        handle(.stalled)
    }

    /// Closes once everything is out: at once, or after the peer has had time to read.
    func close() {
        flush()
        isClosing = true
        unread = nil
        guard let context else { return }
        guard lingersUntil != nil else { return context.close(promise: nil) }
        if isStarved || isHeld {
            isStarved = false
            isHeld = false
            context.read()
        }
        context.close(mode: .output, promise: nil)
        beginLingering()
        arm()
    }

    // MARK: - Time

    /// Files the next deadline where it is earlier than the one that is filed.
    func arm() {
        guard !hasEnded else { return }
        var deadline = machine.deadline
        if let bodyDeadline { deadline = min(deadline, bodyDeadline) }
        if let lingersUntil { deadline = min(deadline, lingersUntil) }
        if bytesWaiting > 0 {
            let stall = machine.configuration.outboundStallMax
            deadline = min(deadline, progress.at.advanced(by: stall))
        }
        guard deadline < .distantFuture else { return }
        if filed > 0, BootInstant(nanoseconds: filedNanoseconds) <= deadline { return }
        filed = loop.file(self, at: deadline)
    }

    private var filedNanoseconds: Int64 { filed * TimerWheel.tick.wholeNanoseconds }

    /// The deadline that was filed under `tick` has come.
    func visit(_ tick: Int64, _ now: BootInstant) {
        guard tick == filed else { return }
        filed = 0
        self.now = now
        if machine.state == .closed {
            linger()
        } else {
            if isHeld || isStarved {
                machine.touch(now)
                if bodyDeadline != nil {
                    bodyDeadline = now.advanced(by: machine.configuration.bodyTime)
                }
            } else if let bodyDeadline, now >= bodyDeadline {
                return handle(.stalled)
            }
            handle(.time)
            checkProgress()
            flush()
        }
        arm()
    }
}
