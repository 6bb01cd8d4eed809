// SPDX-License-Identifier: Apache-2.0
// Reelwork: what this side asks, answers and tells.

internal import ReelworkCore
internal import ReelworkWire

extension SessionMachine {
    /// Takes the answer to a request of the peer as most are: true where its body is to be sent
    /// with this id and nothing else is to be done.
    ///
    /// Else nothing has changed, and ``handle(_:now:into:)`` has to be told.
    mutating func settle(_ id: UInt32, _ field: UInt16) -> Bool {
        state == .ready && incoming.remove(id, ofMethod: field >> 4)
    }

    /// Sends the one answer to a request of the peer; more are dropped.
    mutating func respond(
        _ id: UInt32,
        _ field: UInt16,
        _ error: ErrorMessage?,
        _ now: BootInstant,
        _ actions: inout [SessionAction]
    ) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth, .closed: return
        }
        guard let entry = incoming.find(id), entry.methodField >> 4 == field >> 4 else { return }
        incoming.remove(id)
        if let error {
            actions.append(.sendError(error, id: id, methodField: entry.methodField))
        } else {
            actions.append(.sendBody(id: id))
        }
        closeIfLeft(&actions)
    }

    mutating func tell(_ id: UInt32, _ field: UInt16, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth, .closed: return
        }
        guard let method = Method(rawValue: field >> 4), isOurs(method),
            peerMethods.contains(field)
        else { return }
        if id == 0 {
            guard method.isEvent(from: side) else { return }
        } else {
            guard method.hasEvents, let entry = incoming.find(id), entry.methodField == field
            else { return }
        }
        actions.append(.sendBody(id: id))
    }

    /// Sends a request of this side, or says at once why it cannot be.
    mutating func ask(
        _ field: UInt16,
        _ tag: UInt64,
        _ now: BootInstant,
        _ actions: inout [SessionAction]
    ) {
        let isExempt = Method(rawValue: field >> 4)?.isNeverBusy ?? false
        let id =
            if outgoing.last == 0 {
                side.firstID
            } else {
                outgoing.last > SessionMachine.idMax ? outgoing.last : outgoing.last + 2
            }
        let entry = OpenRequests.Entry(id: id, methodField: field, isExempt: isExempt, tag: tag)
        func refuse(_ why: SessionFailure) {
            actions.append(.failed(why, id: 0, methodField: field, tag: tag))
        }
        switch state {
        case .ready: break
        case .preface, .hello, .auth, .soon, .leaving, .closed: return refuse(.notLookedAt)
        }
        guard peerLast == nil else { return refuse(.notLookedAt) }
        guard peerMethods.contains(field) else { return refuse(.unimplemented) }
        let most = terms?.requestsInFlightMax ?? 0
        guard isExempt || outgoing.counted < most else { return refuse(.busy) }
        guard outgoing.last <= SessionMachine.idMax else {
            refuse(.notLookedAt)
            return leave(.ok, Limits.drainTime, now, &actions)
        }
        outgoing.add(entry)
        actions.append(.sendBody(id: entry.id))
    }

    /// Whether a request of this method would find a place among those in flight.
    func hasRoom(for field: UInt16) -> Bool {
        let isExempt = Method(rawValue: field >> 4)?.isNeverBusy ?? false
        return isExempt || outgoing.counted < (terms?.requestsInFlightMax ?? 0)
    }

    /// What was asked could not be put into a frame: the request has failed.
    mutating func unsent(_ id: UInt32, _ actions: inout [SessionAction]) {
        guard let entry = outgoing.remove(id) else { return }
        fail(entry, .tooLarge, &actions)
        closeIfLeft(&actions)
    }

    mutating func giveUp(_ id: UInt32, _ actions: inout [SessionAction]) {
        switch state {
        case .ready, .soon, .leaving: break
        case .preface, .hello, .auth, .closed: return
        }
        // Once is enough, and the peer counts those beyond one a request.
        guard outgoing.giveUp(id) else { return }
        actions.append(.sendCancel(id: id))
    }
}
