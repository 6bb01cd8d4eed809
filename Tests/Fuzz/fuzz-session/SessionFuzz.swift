// SPDX-License-Identifier: Apache-2.0
// Reelwork: both ends of a connection, and anything that can happen to them

import FuzzKit
import FuzzPeers
import ReelworkCore
import ReelworkRPC
import ReelworkWire

// An input: four bytes of settings, then operations: a byte that chooses and what it asks for.

/// Both ends of a connection with real frames between them, and anything that can happen: one
/// answer a request, one close, nothing after it, few open requests; and as long as nobody lies,
/// all that is sent arrives as it was and nobody is blamed.
final class SessionFuzz {
    private let client: FuzzPeer
    private let server: FuzzPeer
    private let methods: [UInt16]
    /// News of the connection that this role's family has.
    private let events: [UInt16]
    /// Whether all bytes are those of the two ends.
    private var isHonest = true
    /// What must come of it where nobody lies.
    private let outcome: FuzzEntry.Outcome
    /// What an honest end may be told.
    private var fair: [ResultCode] = [.internal, .handshakeTimeout, .draining]

    static let operationsMax = 400
    static let start = BootInstant(nanoseconds: 1_000_000_000)

    init(_ input: inout FuzzInput) {
        let roles: [PeerRole] = [.submitter, .worker, .admin]
        let choice = input.u8()
        let role = roles[Int(choice) % roles.count]
        let entry = FuzzEntry.all[Int(choice) / roles.count % FuzzEntry.all.count]
        outcome = entry.outcome(role)
        if case .ends(let code) = outcome { fair.append(code) }
        let (own, other) = (SessionFuzz.terms(input.u8()), SessionFuzz.terms(input.u8()))
        // Some methods the client does not know.
        let lacks = Int(input.u8()) % MethodRange.all.count
        let known = MethodRange.all.enumerated().filter { lacks == 0 || $0.offset % lacks != 1 }
        let offer = Hello(
            codecs: own.isCompressionAllowed ? [WireCodec.zlib.rawValue] : [],
            frameBytesMax: UInt64(own.frameBytesMax),
            requestsInFlightMax: UInt64(own.requestsInFlightMax),
            methods: known.map(\.element),
            agent: "fuzz"
        )
        client = FuzzPeer(
            SessionMachine(
                connectingAs: role,
                offer: offer,
                token: entry.token?.text,
                isSecured: entry.isClientSecured,
                own,
                now: SessionFuzz.start
            ),
            isSecured: entry.isClientSecured,
            now: SessionFuzz.start
        )
        server = FuzzPeer(
            SessionMachine(
                serving: role == .admin ? .admin : .rpc,
                isSecured: entry.gate != nil,
                methods: VersionTable(MethodRange.all),
                other,
                now: SessionFuzz.start
            ),
            isSecured: entry.gate != nil,
            now: SessionFuzz.start
        )
        if let gate = entry.gate { server.secure(gate) }
        let workers: [ReelworkCore.Method] = [.credit, .progress, .assign, .revoke]
        events = role == .worker ? workers.map { FrameHeader.field($0) } : []
        methods = MethodRange.all.map { $0.id << 4 | 1 } + [0x7FF1, 0x0102]
    }

    private static func terms(_ byte: UInt8) -> SessionConfiguration {
        var configuration = SessionConfiguration()
        configuration.isCompressionAllowed = byte & 1 == 0
        configuration.frameBytesMax = byte & 2 == 0 ? Limits.frameBytesFloor : 1 << 20
        configuration.requestsInFlightMax = 1 + Int(byte >> 2)
        return configuration
    }

    static func check(_ input: inout FuzzInput) {
        let session = SessionFuzz(&input)
        if input.u8() & 1 == 0 { session.deliverAll() }
        for _ in 0..<operationsMax where !input.isEmpty { session.operate(&input) }
        session.finish()
    }

    private func operate(_ input: inout FuzzInput) {
        let choice = input.u8()
        let (peer, other) = choice & 0x80 == 0 ? (client, server) : (server, client)
        switch choice & 0x7F {
        case 0..<20: peer.ask(methodField: method(&input), filler(&input))
        case 20..<40: answer(peer, &input)
        case 40..<50: tell(peer, &input)
        case 50..<55: giveUp(peer, &input)
        case 55..<75: deliver(from: peer, to: other, Int(input.u8()) + 1)
        case 75..<90: deliver(from: peer, to: other, .max)
        case 90..<97: wait(&input)
        case 97..<100: peer.handle(.leave(.draining, drain: .milliseconds(Int(input.u8()) * 50)))
        case 100: end(peer)
        case 101: peer.handle(.ended)
        case 102: peer.handle(.stalled)
        case 103..<106: deliverAll()
        case 106..<109: damage(peer, &input)
        default: forge(peer, &input)
        }
        hangUp()
    }

    // MARK: - What owners do

    /// A server ends a session because its credential was taken back, a client for itself.
    private func end(_ peer: FuzzPeer) {
        guard peer === server else {
            return peer.handle(.end(ErrorMessage(.internal, detail: "fuzz")))
        }
        fair.append(.authFailed)
        server.handle(.end(CredentialRefusal.revoked(.token, name: "fuzz").message))
    }

    private func method(_ input: inout FuzzInput) -> UInt16 {
        methods[input.index(below: methods.count)]
    }

    private func filler(_ input: inout FuzzInput) -> FuzzFiller {
        let size = Int(input.u8())
        // Some are larger than was agreed.
        return FuzzFiller(count: size == 255 ? (128 << 10) + 1 : size * 8, seed: input.u8())
    }

    private func answer(_ peer: FuzzPeer, _ input: inout FuzzInput) {
        let open = peer.ledger.open
        guard !open.isEmpty else { return }
        let request = open[input.index(below: open.count)]
        let (id, field) = (request.id, request.methodField)
        // Some are answered twice, or after they were answered: it must not go out.
        for _ in 0..<(input.u8() & 7 == 7 ? 2 : 1) {
            if input.u8() & 3 == 3 {
                peer.fail(ErrorMessage(.notFound, detail: "fuzz"), request)
            } else {
                peer.handle(
                    .respond(id: id, methodField: field),
                    sending: FuzzWish(.response, methodField: field, filler(&input))
                )
            }
        }
    }

    private func tell(_ peer: FuzzPeer, _ input: inout FuzzInput) {
        let open = peer.ledger.open
        let isRequests = input.u8() & 1 == 1 && !open.isEmpty
        let request = isRequests ? open[input.index(below: open.count)] : nil
        let field = request?.methodField ?? method(&input)
        // An owner that tells the other family's news is a bug of its own: the peer blames it.
        guard request != nil || events.contains(field) else { return }
        peer.handle(
            .tell(id: request?.id ?? 0, methodField: field),
            sending: FuzzWish(.event, methodField: field, filler(&input))
        )
    }

    private func giveUp(_ peer: FuzzPeer, _ input: inout FuzzInput) {
        let ids = peer.ledger.waiting.values.sorted()
        guard !ids.isEmpty else { return }
        peer.handle(.giveUp(id: ids[input.index(below: ids.count)]))
    }

    // MARK: - What happens between them

    private func deliver(from peer: FuzzPeer, to other: FuzzPeer, _ count: Int) {
        let bytes = peer.take(count)
        if !bytes.isEmpty { other.receive(bytes) }
    }

    private func deliverAll() {
        for _ in 0..<8 {
            deliver(from: client, to: server, .max)
            deliver(from: server, to: client, .max)
        }
    }

    /// Both clocks go on together.
    private func wait(_ input: inout FuzzInput) {
        let time = Duration.milliseconds(Int(input.u8()) * 100)
        for peer in [client, server] { peer.wait(time) }
    }

    /// An end that has closed, and whose last words have arrived, takes the other with it.
    private func hangUp() {
        for (peer, other) in [(client, server), (server, client)] {
            if peer.isClosed, peer.outbox.isEmpty, !other.isClosed { other.handle(.ended) }
        }
    }

    /// A bit of what is on its way falls over.
    private func damage(_ peer: FuzzPeer, _ input: inout FuzzInput) {
        var bytes = peer.take()
        guard !bytes.isEmpty else { return }
        isHonest = false
        bytes[Int(input.u16()) % bytes.count] ^= 1 << (input.u8() & 7)
        peer.forge(bytes)
    }

    /// A frame that this end never sent, with sound checksums.
    private func forge(_ peer: FuzzPeer, _ input: inout FuzzInput) {
        isHonest = false
        let kind = input.u8()
        let flags = input.u8() & 0xF
        let field = input.u8() & 1 == 0 ? method(&input) : input.u16()
        let body = input.bytes(Int(input.u8()) & 0x3F)
        let plain = input.u8()
        let header = FrameHeader(
            type: kind,
            flags: flags == 1 ? 1 : 0,
            methodField: field,
            requestID: UInt32(input.u8()),
            wireLength: UInt32(body.count),
            plainLength: flags == 1 ? UInt32(plain) : UInt32(body.count),
            payloadChecksum: Checksum.crc32c(body.span.bytes)
        )
        peer.forge(header.encoded + body)
    }

    // MARK: - The end

    /// All that is open is answered and arrives; then nothing may wait, and both can leave.
    private func finish() {
        for _ in 0..<4 {
            deliverAll()
            for peer in [client, server] {
                for request in peer.ledger.open {
                    peer.fail(ErrorMessage(.notFound, detail: "fuzz"), request)
                }
            }
            deliverAll()
            hangUp()
        }
        if isHonest { expectHonesty() }
        for peer in [client, server] {
            peer.handle(.leave(.draining, drain: .seconds(1)))
            deliverAll()
            peer.wait(.seconds(3))
            hangUp()
        }
        for peer in [client, server] {
            peer.wait(.seconds(60))
            if !isHonest { peer.handle(.ended) }
            Invariant.hold(peer.isClosed, "an end that left is still there")
            peer.ask(methodField: methods[0], FuzzFiller(count: 1, seed: 1))
            peer.receive(Array(Preface.magic))
            peer.wait(.seconds(60))
            for event in [SessionEvent.ended, .time, .stalled] { peer.handle(event) }
        }
    }

    private func expectHonesty() {
        let isOpen = client.terms != nil || server.terms != nil
        Invariant.hold(outcome == .opens || !isOpen, "who may not come in is in")
        for (peer, other) in [(client, server), (server, client)] {
            if !peer.isClosed, !other.isClosed, peer.terms != nil, other.terms != nil {
                peer.ledger.expectNothingWaits()
                // What the other refuses does not arrive; nothing else arrives, in another order
                // or changed.
                var left = peer.departures[...]
                for arrived in other.deliveries {
                    let index = left.firstIndex(of: arrived)
                    Invariant.hold(index != nil, "\(arrived) arrived and was not sent so")
                    left = left[((index ?? left.endIndex) + 1)...]
                }
            }
            switch peer.end {
            case .garbage(let words): Invariant.fail("an honest peer is garbage: \(words)")
            case .local(let error), .remote(let error):
                let isFair = error.code.value.map { fair.contains($0) } ?? false
                // A client that gives up says so behind its HELLO, which is too early.
                if case .local = other.end, peer.terms == nil { continue }
                Invariant.hold(isFair, "an honest peer is blamed: \(error.detail)")
            case .refused(let status, _):
                let isFair = status.map { outcome == .sentAway($0) } ?? false
                Invariant.hold(isFair, "an honest peer is sent away: \(String(describing: status))")
            case .untrusted, .silent, .left, .lost, nil: break
            }
        }
    }

    static func seeds(_ vectors: [FuzzVector]) -> [(String, [UInt8])] {
        let script: [(String, [UInt8])] = [
            ("ask-and-answer", [0, 2, 9, 1, 85, 0x94, 0, 0, 0, 30, 1, 0xD0]),
            ("worker-asks-and-server-tells", [13, 5, 1, 85, 0xA8, 0, 16, 40, 3, 0xD0]),
            ("busy", [0, 1, 1, 0, 1, 1, 0, 1, 1, 85, 103]),
            ("leave", [0, 1, 1, 85, 0xE1, 40, 0xD0, 85, 90, 20, 103]),
            ("give-up", [0, 3, 200, 2, 85, 50, 0, 85, 0x94, 0, 0, 0, 9, 9, 103]),
            ("too-large", [0, 0, 255, 1, 85, 0, 0, 4, 1, 85]),
            ("cut", [0, 0, 40, 1, 60, 3, 60, 30, 60, 255, 60, 255, 60, 255]),
            ("idle", [90, 200, 90, 200, 103, 90, 255, 90, 255]),
        ]
        var seeds: [(String, [UInt8])] = []
        for (name, operations) in script {
            for role in 0..<UInt8(3) {
                seeds.append(("\(name)-\(role)", [role, 40, 40, 0, 0] + operations))
            }
        }
        for entry in FuzzEntry.all.indices {
            for role in 0..<3 {
                let settings: [UInt8] = [UInt8(entry * 3 + role), 40, 40, 0, 0]
                let operations: [UInt8] = [0, 2, 9, 1, 0, 9, 9, 1, 85, 0x94, 0, 0, 0, 30, 1, 0xE4]
                seeds.append(("entry-\(entry)-\(role)", settings + operations))
            }
        }
        for vector in vectors where vector.kind == "frame" && vector.state == "ready" {
            guard let header = try? FrameHeader(reading: vector.bytes.span.bytes),
                header.wireLength < 64
            else { continue }
            let body = vector.bytes[FrameHeader.byteCount...]
            let forged: [UInt8] =
                [header.type, header.flags, 1, UInt8(header.methodField & 0xFF)]
                + [UInt8(header.methodField >> 8), UInt8(body.count)] + body
                + [UInt8(truncatingIfNeeded: header.plainLength)]
                + [UInt8(truncatingIfNeeded: header.requestID)]
            let end: UInt8 = vector.from == "server" ? 0xFF : 0x7F
            seeds.append((vector.name, [0, 40, 40, 0, 0, 0, 1, 1, 85, end] + forged + [85, 0xD5]))
        }
        return seeds
    }
}

/// What libFuzzer calls first.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(_ count: UnsafeMutableRawPointer?, _ words: UnsafeMutableRawPointer?)
    -> CInt
{
    FuzzSeeds.writeWhereAsked(SessionFuzz.seeds)
}

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
package func test(_ data: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = FuzzInput(data, count)
    SessionFuzz.check(&input)
    return 0
}
