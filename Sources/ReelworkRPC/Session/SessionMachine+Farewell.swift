// SPDX-License-Identifier: Apache-2.0
// Reelwork: keepalive, deadlines and farewell.

package import ReelworkCore
internal import ReelworkWire

extension SessionMachine {
    /// When to come back with ``SessionEvent/time``.
    package var deadline: BootInstant {
        switch state {
        case .preface:
            // A server gives the preface less time than the whole; a client waits for an answer.
            // The time for TLS is the whole's.
            side == .server && (!isSecured || securedAt != nil)
                ? min((securedAt ?? started).advanced(by: configuration.prefaceTime), latest)
                : latest
        case .hello, .auth: latest
        case .ready: lifeDeadline
        case .soon, .leaving: farewell.map { min($0.until, lifeDeadline) } ?? lifeDeadline
        case .closed: .distantFuture
        }
    }

    private var latest: BootInstant { started.advanced(by: configuration.handshakeTime) }

    private var lifeDeadline: BootInstant {
        let idle = (asked ?? received).advanced(by: configuration.keepaliveIdle)
        return min(idle, received.advanced(by: configuration.keepaliveDead))
    }

    mutating func time(_ now: BootInstant, _ actions: inout [SessionAction]) {
        guard now >= deadline else { return }
        switch state {
        case .preface: close(.silent, &actions)
        case .hello:
            let words = "expected HELLO within \(configuration.handshakeTime.words), found nothing"
            end(ErrorMessage(.handshakeTimeout, detail: words), &actions)
        case .auth:
            let words = "expected AUTH within \(configuration.handshakeTime.words), found nothing"
            end(ErrorMessage(.handshakeTimeout, detail: words), &actions)
        case .ready: keepAlive(now, &actions)
        case .soon:
            if let farewell, now >= farewell.until {
                sayLast(&actions)
            } else {
                keepAlive(now, &actions)
            }
        case .leaving:
            if let farewell, now >= farewell.until {
                close(.left, &actions)
            } else {
                keepAlive(now, &actions)
            }
        case .closed: break
        }
    }

    private mutating func keepAlive(_ now: BootInstant, _ actions: inout [SessionAction]) {
        guard now < received.advanced(by: configuration.keepaliveDead) else {
            return close(.silent, &actions)
        }
        asked = now
        actions.append(.sendPing(0))
    }

    mutating func ping(_ opaque: UInt64, _ now: BootInstant, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return protocolError("PING may not come now", &actions)
        case .closed: return
        }
        if pings == 0 || now.since(pingsSince) > SessionMachine.pingWindow {
            pings = 0
            pingsSince = now
        }
        pings += 1
        guard pings <= Limits.pingsPerTenSeconds else {
            let words = "more than \(Limits.pingsPerTenSeconds) PINGs in 10 s and nothing else"
            return calm(words, &actions)
        }
        guard control.spend(1, now) else { return endFlood(&actions) }
        actions.append(.sendPong(opaque))
    }

    mutating func pong(_ opaque: UInt64, _ now: BootInstant, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return protocolError("PONG may not come now", &actions)
        case .closed: return
        }
        guard control.spend(1, now) else { return endFlood(&actions) }
        // The peer has read the first GOAWAY: what it sent before that has arrived.
        if state == .soon, opaque == SessionMachine.fence { sayLast(&actions) }
    }

    /// Frames came that mean nothing here; they are cheap, and not without end.
    mutating func ignored(_ count: Int, _ now: BootInstant, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth:
            return protocolError("an unknown frame may not come now", &actions)
        case .closed: return
        }
        guard control.spend(count, now) else { return endFlood(&actions) }
    }

    /// The peer sent more control frames than anybody needs.
    mutating func endFlood(_ actions: inout [SessionAction]) {
        let words =
            "more than \(Limits.controlFramesBurst) control frames at once and "
            + "\(Limits.controlFramesPerSecond) a second: PING, PONG, CANCEL beyond one a REQUEST, "
            + "GOAWAY and unknown types"
        calm(words, &actions)
    }

    private mutating func calm(_ words: String, _ actions: inout [SessionAction]) {
        let error = ErrorMessage(
            .enhanceCalm,
            retryAfter: Limits.retryAfterRefusal,
            detail: words
        )
        end(error, &actions)
    }

    /// The peer will leave: what lies above its number has not been looked at.
    mutating func goaway(
        _ message: GoAway,
        _ now: BootInstant,
        _ actions: inout [SessionAction]
    ) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return protocolError("GOAWAY may not come now", &actions)
        case .closed: return
        }
        guard control.spend(1, now) else { return endFlood(&actions) }
        if let peerLast, message.lastRequestID > peerLast {
            return protocolError("the last request id of GOAWAY rises", &actions)
        }
        peerLast = message.lastRequestID
        actions.append(.deliverGoAway(message))
        for entry in outgoing.removeAll(above: message.lastRequestID) {
            fail(entry, .notLookedAt, &actions)
        }
        closeIfLeft(&actions)
    }

    /// Begins this side's farewell; without time for it, it is said once and the session closes.
    mutating func leave(
        _ code: ResultCode,
        _ drain: Duration,
        _ now: BootInstant,
        _ actions: inout [SessionAction]
    ) {
        switch state {
        case .preface, .hello, .auth: return close(.left, &actions)
        case .ready: break
        case .soon, .leaving:
            if drain <= .zero { close(.left, &actions) }
            return
        case .closed: return
        }
        guard drain > .zero else {
            ownLast = incoming.last
            actions.append(
                .sendGoAway(GoAway(lastRequestID: ownLast, code: code, drain: .zero))
            )
            return close(.left, &actions)
        }
        state = .soon
        farewell = (code, now.advanced(by: min(drain / 2, Limits.farewellFenceTime)))
        drainUntil = now.advanced(by: drain)
        actions.append(
            .sendGoAway(GoAway(lastRequestID: GoAway.lastUnknown, code: code, drain: drain))
        )
        actions.append(.sendPing(SessionMachine.fence))
    }

    /// Says the second GOAWAY, with the real number.
    private mutating func sayLast(_ actions: inout [SessionAction]) {
        guard let before = farewell else { return }
        state = .leaving
        ownLast = incoming.last
        farewell = (before.code, drainUntil)
        let left = drainUntil.since(before.until)
        actions.append(
            .sendGoAway(
                GoAway(lastRequestID: ownLast, code: before.code, drain: max(left, .zero))
            )
        )
        closeIfLeft(&actions)
    }

    /// Closes a session that leaves, once no answer of either side is awaited.
    mutating func closeIfLeft(_ actions: inout [SessionAction]) {
        guard state == .leaving, incoming.isEmpty, outgoing.isEmpty else { return }
        close(.left, &actions)
    }
}
