// SPDX-License-Identifier: Apache-2.0
// Reelwork: connections of a simulated world

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire
import ReelworkWorker

extension World {
    func index(ofLink id: UInt64) -> Int? { links.firstIndex { $0.id == id } }

    /// Opens a connection: both ends exist, nothing is said yet.
    mutating func open(_ worker: Int) {
        linkLast += 1
        let configuration = SessionConfiguration()
        let client = SessionMachine(
            connectingAs: .worker,
            offer: Hello(agent: "reelwork/world"),
            configuration,
            now: now.boot
        )
        let server = SessionMachine(
            serving: .rpc,
            methods: VersionTable(MethodRange.all),
            configuration,
            now: now.boot
        )
        links.append(
            WorldLink(
                id: linkLast,
                worker: worker,
                life: workers[worker].life,
                ends: [WorldSession(client), WorldSession(server)]
            )
        )
        workers[worker].link = linkLast
        settle(linkLast, .client)
        settle(linkLast, .server)
    }

    // MARK: - What happens to an end

    /// Sends one thing from an end, if it is still there; ``settle(_:_:)`` flushes it.
    mutating func send(_ content: RPCDelivery.Content, from side: SessionSide, of link: UInt64) {
        guard let index = index(ofLink: link) else { return }
        links[index].ends[side.slot]?.send(content, &wire, now: now.boot)
    }

    /// The next chunk of a pipe has arrived.
    mutating func arrive(_ link: UInt64, _ side: SessionSide, _ event: WorldEvent) {
        guard let index = index(ofLink: link), !links[index].isCut,
            isAwake(links[index], side, event),
            let chunk = links[index].pipes[side.slot].take()
        else { return }
        switch chunk {
        case .bytes(let bytes):
            links[index].ends[side.slot]?.receive(bytes, &wire, now: now.boot)
        case .end: links[index].ends[side.slot]?.end(&wire, now: now.boot)
        }
        settle(link, side)
    }

    /// The timer of an end.
    mutating func sessionTime(_ link: UInt64, _ side: SessionSide, _ event: WorldEvent) {
        guard let index = index(ofLink: link), isAwake(links[index], side, event),
            links[index].ends[side.slot]?.timerAt == event.planned
        else { return }
        links[index].ends[side.slot]?.timerAt = .distantFuture
        links[index].ends[side.slot]?.time(&wire, now: now.boot)
        settle(link, side)
    }

    /// An end hears from its system that the connection is gone.
    mutating func linkGone(_ link: UInt64, _ side: SessionSide, _ event: WorldEvent) {
        guard let index = index(ofLink: link), isAwake(links[index], side, event) else { return }
        links[index].ends[side.slot]?.end(&wire, now: now.boot)
        settle(link, side)
    }

    /// A worker wants no more of its connection.
    mutating func leave(_ link: UInt64) {
        guard let index = index(ofLink: link) else { return }
        links[index].ends[SessionSide.client.slot]?.leave(&wire, now: now.boot)
        settle(link, .client)
    }

    private mutating func isAwake(
        _ link: WorldLink,
        _ side: SessionSide,
        _ event: WorldEvent
    ) -> Bool {
        side == .server || ready(link.worker, link.life, event)
    }

    // MARK: - What comes of it

    /// Puts on its way what an end wants to send, arms its timer, and hands on what arrived at it.
    mutating func settle(_ link: UInt64, _ side: SessionSide) {
        let arrivals = wire.arrivals
        wire.arrivals = []
        for trouble in wire.troubles { violation("wire: \(trouble)") }
        wire.troubles = []
        if let index = index(ofLink: link) { flush(index, side) }
        for arrival in arrivals {
            switch side {
            case .server: arrivedAtScheduler(arrival, link)
            case .client: arrivedAtWorker(arrival, link)
            }
        }
    }

    private mutating func flush(_ index: Int, _ side: SessionSide) {
        guard let out = links[index].ends[side.slot]?.takeOut() else { return }
        put(out, index, to: side.opposite)
        if links[index].ends[side.slot]?.isClosing == true {
            links[index].ends[side.slot] = nil
            put(.end, index, to: side.opposite)
            if links[index].ends.allSatisfy({ $0 == nil }) { links.remove(at: index) }
            return
        }
        let deadline = links[index].ends[side.slot]?.machine.deadline ?? .distantFuture
        guard let filed = links[index].ends[side.slot]?.timerAt, deadline < filed else { return }
        let at = max(deadline, now.boot)
        links[index].ends[side.slot]?.timerAt = at
        plan(.sessionTime(link: links[index].id, side), at: at)
    }

    /// Bytes go out, sometimes in pieces.
    private mutating func put(_ bytes: [UInt8], _ index: Int, to side: SessionSide) {
        guard !bytes.isEmpty, !links[index].isCut else { return }
        var rest = bytes[...]
        while rest.count > 1, chance(150) {
            let count = 1 + Int(random.next() % UInt64(rest.count - 1))
            put(.bytes(Array(rest.prefix(count))), index, to: side)
            rest = rest.dropFirst(count)
        }
        put(.bytes(Array(rest)), index, to: side)
    }

    mutating func put(_ chunk: WorldLink.Chunk, _ index: Int, to side: SessionSide) {
        guard !links[index].isCut else { return }
        let at = max(
            now.boot.advanced(by: duration(0...5)),
            links[index].pipes[side.slot].arrivesAt
        )
        links[index].pipes[side.slot].arrivesAt = at
        links[index].pipes[side.slot].chunks.append(chunk)
        let count = links[index].pipes[side.slot].chunks.count
        if options.mutant == .bytesSwapped, count > 1, chance(10) {
            links[index].pipes[side.slot].chunks.swapAt(count - 2, count - 1)
        }
        if options.mutant == .bytesDoubled, case .bytes = chunk, chance(10) {
            links[index].pipes[side.slot].chunks.append(chunk)
            plan(.arrival(link: links[index].id, side), at: at)
        }
        plan(.arrival(link: links[index].id, side), at: at)
    }

    private mutating func arrivedAtScheduler(_ arrival: WorldArrival, _ link: UInt64) {
        switch arrival {
        case .opened, .toWorker: break
        case .toScheduler(let message): receive(message, link)
        case .closed(let end, let isFarewell):
            judge(end)
            input(.closed(SessionID(rawValue: link), isFarewell: isFarewell))
        }
    }

    /// The worker's shell hears of answers and of pushes on two ways: each keeps its order, but a
    /// push may be seen before an answer that came earlier, and the other way round.
    private mutating func arrivedAtWorker(_ arrival: WorldArrival, _ link: UInt64) {
        guard let index = index(ofLink: link) else {
            guard case .closed(let end, _) = arrival else { return }
            return lost(link, end)
        }
        let worker = links[index].worker
        switch arrival {
        case .toScheduler: break
        case .opened: agent(worker, .connected)
        case .toWorker(let message):
            let at = max(
                now.boot.advanced(by: duration(0...1)),
                message.isPush ? links[index].pushesAt : links[index].answersAt
            )
            // Nobody listens to pushes before the answer to REGISTER has been looked at.
            if case .registered = message { links[index].pushesAt = at }
            if message.isPush {
                links[index].pushesAt = at
            } else {
                links[index].answersAt = at
            }
            plan(.toWorker(worker: worker, link: link, message), at: at)
        case .closed(let end, _): lost(link, end)
        }
    }

    private mutating func lost(_ link: UInt64, _ end: SessionEnd) {
        judge(end)
        guard let worker = workers.firstIndex(where: { $0.link == link }) else { return }
        plan(.linkLost(worker: worker, link: link), after: duration(0...1))
    }

    /// Two ends of one house understand each other: only time and faults part them.
    private mutating func judge(_ end: SessionEnd) {
        switch end {
        case .garbage(let words): violation("wire: \(words)")
        case .local(let error), .remote(let error):
            switch error.code {
            case .known(.sessionSuperseded): see(.superseded)
            case .known(.handshakeTimeout): see(.handshakeEnd)
            default: violation("wire: \(error.code): \(error.detail)")
            }
        case .untrusted(let words): violation("TLS where there is none: \(words)")
        case .silent: see(.silentEnd)
        case .refused, .left, .lost: break
        }
    }
}
