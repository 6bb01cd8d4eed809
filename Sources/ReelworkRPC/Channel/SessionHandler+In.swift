// SPDX-License-Identifier: Apache-2.0
// Reelwork: from bytes to the machine.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

extension SessionHandler {
    /// Reads on in what is there, and keeps what is not whole.
    func consume(_ buffer: inout ByteBuffer) {
        switch machine.state {
        case .preface:
            consumePreface(&buffer)
            // A server that ends at once says why right behind its preface.
            if machine.side == .client, machine.state == .hello, buffer.readableBytes > 0 {
                consumeFrames(&buffer)
            }
        case .hello, .auth, .ready, .soon, .leaving: consumeFrames(&buffer)
        case .closed: return
        }
        guard machine.state != .closed, buffer.readableBytes > 0 else { return }
        if buffer.readerIndex > 0 { buffer.discardReadBytes() }
        unread = buffer
    }

    private func consumePreface(_ buffer: inout ByteBuffer) {
        do throws(FrameError) {
            switch machine.side {
            case .server:
                guard let preface = try ClientPreface(reading: buffer.readableBytesSpan) else {
                    return
                }
                buffer.moveReaderIndex(forwardBy: Preface.byteCount)
                handle(.clientPreface(preface))
            case .client:
                guard let role = machine.role else { return }
                let offer = ClientPreface(role: role)
                let preface = try ServerPreface(
                    reading: buffer.readableBytesSpan,
                    answering: offer
                )
                guard let preface else { return }
                buffer.moveReaderIndex(forwardBy: Preface.byteCount)
                handle(.serverPreface(preface))
            }
        } catch {
            let isAlert = machine.side == .client && TransportGuard.isAlert(buffer)
            handle(isAlert ? .untrusted(TLSWords.isMissing) : .broken(error))
        }
    }

    private func consumeFrames(_ buffer: inout ByteBuffer) {
        var offset = 0
        var missing = 0
        do throws(FrameError) {
            reading: while machine.state != .closed {
                let span = buffer.readableBytesSpan.extracting(offset...)
                if let frame = decoder.plainFrame(in: span), let range = frame.plainRange {
                    settleReserve()
                    offset += range.upperBound
                    let hasMore = range.upperBound < span.byteCount
                    dispatch(frame, span.extracting(range), hasMore: hasMore)
                    continue
                }
                let step = try decoder.next(in: span, &loop.inflater)
                let ignored = decoder.takeIgnored()
                if ignored > 0 {
                    handle(.ignored(ignored))
                    guard machine.state != .closed else { break reading }
                }
                switch step {
                case .needMore(let consumed, let count):
                    offset += consumed
                    missing = count
                    break reading
                case .frame(let frame, let consumed):
                    settleReserve()
                    offset += consumed
                    let hasMore = consumed < span.byteCount
                    if let range = frame.plainRange {
                        dispatch(frame, span.extracting(range), hasMore: hasMore)
                    } else {
                        dispatch(frame, span, loop.inflater, hasMore: hasMore)
                    }
                case .refused(let refusal, let consumed):
                    settleReserve()
                    offset += consumed
                    handle(.refused(refusal))
                }
            }
        } catch {
            handle(.broken(error))
        }
        buffer.moveReaderIndex(forwardBy: min(offset, buffer.readableBytes))
        if machine.state != .closed, decoder.awaited != nil { expect(missing, &buffer) }
    }

    /// A frame that began has come: its memory is free again.
    private func settleReserve() {
        guard reserved > 0 else { return }
        let bytes = reserved
        reserved = 0
        bodyDeadline = nil
        loop.release(bytes)
    }

    /// Makes room for the rest of a frame and gives it time.
    private func expect(_ missing: Int, _ buffer: inout ByteBuffer) {
        guard let header = decoder.awaited, reserved == 0 else { return }
        // A frame without a body is never awaited, so the reserve is above 0.
        let bytes = Int(header.wireLength) + (header.isCompressed ? Int(header.plainLength) : 0)
        guard loop.reserve(max(bytes, 1), for: self) else {
            isStarved = true
            return
        }
        reserved = max(bytes, 1)
        buffer.reserveCapacity(
            minimumWritableBytes: max(missing - buffer.readableBytes, 0)
        )
        let slowest =
            Duration.seconds(Int64(header.plainLength))
            / Limits.bodyBytesPerSecondMin
        bodyDeadline = now.advanced(by: machine.configuration.bodyTime + slowest)
        arm()
    }

    /// There may be memory again for the frame that comes.
    func feed() {
        guard isStarved, context != nil else { return }
        isStarved = false
        // The time in which there was no memory does not count.
        now = LoopState.now
        machine.touch(now)
        if var buffer = unread {
            unread = nil
            expect(0, &buffer)
            unread = buffer
        } else {
            var empty = ByteBuffer()
            expect(0, &empty)
        }
        readOn()
    }

    private func dispatch(
        _ frame: Frame,
        _ span: RawSpan,
        _ inflater: borrowing Inflater,
        hasMore: Bool
    ) {
        loop.isInflaterLent = true
        defer { loop.isInflaterLent = false }
        dispatch(frame, frame.body(in: span, inflater), hasMore: hasMore)
    }

    private func dispatch(_ frame: Frame, _ body: RawSpan, hasMore: Bool) {
        let header = frame.header
        switch frame.kind {
        case .request:
            if machine.accept(header.requestID, header.methodField) {
                return deliverRequest(header, body)
            }
            handle(
                .request(id: header.requestID, methodField: header.methodField),
                header: header,
                body: body
            )
        case .response:
            handle(
                .response(id: header.requestID, methodField: header.methodField),
                header: header,
                body: body
            )
        case .event:
            handle(
                .news(id: header.requestID, methodField: header.methodField),
                header: header,
                body: body
            )
        case .cancel: handle(.cancel(id: header.requestID))
        case .hello, .helloAck, .auth, .authOK, .error, .ping, .pong, .goaway:
            do throws(WireError) {
                if let event = try control(frame, body, hasMore) { handle(event) }
            } catch {
                handle(.malformed(error))
            }
        }
    }

    /// Decodes a frame that the session itself understands.
    private func control(
        _ frame: Frame,
        _ body: RawSpan,
        _ hasMore: Bool
    ) throws(WireError) -> SessionEvent? {
        switch frame.kind {
        case .hello: .hello(try Hello.decode(body), hasMore: hasMore)
        case .helloAck: .helloAck(try HelloAck.decode(body))
        case .auth: .auth(try Auth.decode(body), hasMore: hasMore)
        case .authOK: .authOK(try AuthOK.decode(body))
        case .error:
            .failure(
                try ErrorMessage.decode(body),
                id: frame.header.requestID,
                methodField: frame.header.methodField
            )
        case .ping: .ping(try Ping.decode(body).opaque)
        case .pong: .pong(try Ping.decode(body).opaque)
        case .goaway: .goaway(try GoAway.decode(body))
        case .request, .response, .event, .cancel: nil
        }
    }
}
