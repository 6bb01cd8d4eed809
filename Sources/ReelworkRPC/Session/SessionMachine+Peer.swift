// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the peer asks, answers and tells.

internal import ReelworkCore
internal import ReelworkWire

extension SessionMachine {
    /// The family that a client's frames must belong to.
    func isOurs(_ method: Method) -> Bool {
        role.map { method.belongs(to: $0) } ?? false
    }

    /// Takes a REQUEST as most are: true where it is to be delivered, and that is all.
    ///
    /// Else nothing has changed, and ``handle(_:now:into:)`` has to be told. It comes to the same
    /// with more to carry about.
    mutating func accept(_ id: UInt32, _ field: UInt16) -> Bool {
        guard state == .ready, side.other.makes(id), id > incoming.last,
            let method = served(field), isPermitted(method), hasPlace(method),
            incoming.count < Limits.requestsOpenMax
        else { return false }
        pings = 0
        control.payForCancel()
        incoming.add(.init(id: id, methodField: field, isExempt: method.isNeverBusy, tag: 0))
        return true
    }

    /// The method of a REQUEST that the peer may send.
    private func served(_ field: UInt16) -> Method? {
        guard let method = Method(rawValue: field >> 4), method.isRequest(from: side.other),
            isOurs(method), methods.contains(field)
        else { return nil }
        return method
    }

    private func isPermitted(_ method: Method) -> Bool {
        side == .client || permissions.isSuperset(of: method.permission)
    }

    private func hasPlace(_ method: Method) -> Bool {
        method.isNeverBusy || incoming.counted < (terms?.requestsInFlightMax ?? 0)
    }

    mutating func request(_ id: UInt32, _ field: UInt16, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return protocolError("a REQUEST may not come now", &actions)
        case .closed: return
        }
        guard take(id, &actions) else { return }
        if state == .leaving, id > ownLast { return }
        guard let method = served(field) else {
            let words =
                "method \(String(field >> 4, radix: 16)) version \(field & 0xF) (bytes 6 and 7 of "
                + "the header): not one that a \(role.map { "\($0)" } ?? "peer") may ask for here; "
                + "HELLO_ACK names those"
            let error = ErrorMessage(.unimplemented, detail: words)
            return actions.append(.sendError(error, id: id, methodField: field))
        }
        guard isPermitted(method) else {
            let words =
                "\(method.name) needs the permission \(method.permission.names); this credential "
                + "has \(permissions.names)"
            let error = ErrorMessage(.denied, detail: words)
            return actions.append(.sendError(error, id: id, methodField: field))
        }
        guard hasPlace(method) else {
            let most = terms?.requestsInFlightMax ?? 0
            let words = "\(most) requests are open; wait for an answer, then send it again"
            let error = ErrorMessage(.busy, detail: words)
            return actions.append(.sendError(error, id: id, methodField: field))
        }
        guard incoming.count < Limits.requestsOpenMax else {
            let words = "\(Limits.requestsOpenMax) requests are open"
            return end(ErrorMessage(.enhanceCalm, detail: words), &actions)
        }
        incoming.add(.init(id: id, methodField: field, isExempt: method.isNeverBusy, tag: 0))
        actions.append(.deliverRequest)
    }

    /// Checks the id of a request of the peer and counts it as used.
    private mutating func take(_ id: UInt32, _ actions: inout [SessionAction]) -> Bool {
        guard side.other.makes(id), id > incoming.last else {
            let words = "request id \(id) after \(incoming.last)"
            protocolError(words, &actions)
            return false
        }
        incoming.last = id
        control.payForCancel()
        return true
    }

    mutating func answer(_ id: UInt32, _ field: UInt16, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return protocolError("a RESPONSE may not come now", &actions)
        case .closed: return
        }
        guard let entry = outgoing.find(id), entry.methodField == field else {
            return protocolError("a RESPONSE to request \(id), which is not open", &actions)
        }
        outgoing.remove(id)
        actions.append(.deliverAnswer(tag: entry.tag))
        closeIfLeft(&actions)
    }

    mutating func failure(
        _ error: ErrorMessage,
        _ id: UInt32,
        _ field: UInt16,
        _ actions: inout [SessionAction]
    ) {
        switch state {
        case .preface: return close(.garbage("an ERROR before the preface"), &actions)
        case .hello, .auth, .ready, .soon, .leaving: break
        case .closed: return
        }
        // An ERROR is never answered with an ERROR.
        guard id != 0 else { return close(.remote(error), &actions) }
        guard state.isOpen, let entry = outgoing.find(id), entry.methodField == field else {
            return close(.garbage("an ERROR for request \(id), which is not open"), &actions)
        }
        outgoing.remove(id)
        fail(entry, .remote(error), &actions)
        closeIfLeft(&actions)
    }

    mutating func news(_ id: UInt32, _ field: UInt16, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return protocolError("an EVENT may not come now", &actions)
        case .closed: return
        }
        guard let method = Method(rawValue: field >> 4), isOurs(method), methods.contains(field)
        else {
            return protocolError("an EVENT of a method that is unknown here", &actions)
        }
        if id == 0 {
            guard method.isEvent(from: side.other) else {
                return protocolError("\(method.name) is no event of the connection", &actions)
            }
            return actions.append(.deliverNews(tag: 0))
        }
        guard method.hasEvents, let entry = outgoing.find(id), entry.methodField == field else {
            return protocolError("an EVENT of request \(id), which is not open", &actions)
        }
        actions.append(.deliverNews(tag: entry.tag))
    }

    mutating func cancel(
        _ id: UInt32,
        _ now: BootInstant,
        _ actions: inout [SessionAction]
    ) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return protocolError("a CANCEL may not come now", &actions)
        case .closed: return
        }
        guard side.other.makes(id) else {
            return protocolError("CANCEL of request \(id), which is not the sender's", &actions)
        }
        guard control.spendCancel(now) else { return endFlood(&actions) }
        guard let entry = incoming.find(id) else { return }
        actions.append(.deliverCancel(id: id, methodField: entry.methodField))
    }

    mutating func refused(
        _ refusal: FrameRefusal,
        _ now: BootInstant,
        _ actions: inout [SessionAction]
    ) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth: return end(ErrorMessage(refusal), &actions)
        case .closed: return
        }
        let id = refusal.header.requestID
        let field = refusal.header.methodField
        switch refusal.header.kind {
        case .request:
            guard take(id, &actions) else { return }
            if state == .leaving, id > ownLast { return }
            actions.append(.sendError(ErrorMessage(refusal), id: id, methodField: field))
        case .response:
            guard let entry = outgoing.find(id), entry.methodField == field else {
                return protocolError("a RESPONSE to request \(id), which is not open", &actions)
            }
            outgoing.remove(id)
            fail(entry, .remote(ErrorMessage(refusal)), &actions)
            closeIfLeft(&actions)
        case .hello, .helloAck, .auth, .authOK, .error, .cancel, .event, .ping, .pong, .goaway,
            nil:
            guard control.spend(1, now) else { return endFlood(&actions) }
            guard id != 0 else { return end(ErrorMessage(refusal), &actions) }
            actions.append(.sendError(ErrorMessage(refusal), id: id, methodField: field))
        }
    }
}
