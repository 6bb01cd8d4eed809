// SPDX-License-Identifier: Apache-2.0
// Reelwork: prefaces, HELLO, HELLO_ACK and AUTH, whatever they say

import FuzzKit
import FuzzPeers
import ReelworkCore
import ReelworkRPC
import ReelworkWire

// An input: a byte that chooses what is done. Then a body of the handshake; or two bytes of
// settings and what one end hears, four bytes of a preface first.

/// Prefaces, HELLO, HELLO_ACK and AUTH, whatever they say: either end opens on terms that both can
/// keep or closes, has said little until then, and agrees with every honest peer.
enum HandshakeFuzz {
    static let start = BootInstant(nanoseconds: 1_000_000_000)
    static let roles: [PeerRole] = [.submitter, .worker, .admin]
    static let admissions: [PrefaceStatus] = [.ok, .ok, .ok, .overloaded, .draining, .denied]

    static func check(_ input: inout FuzzInput) {
        switch input.u8() % 6 {
        case 0:
            let row = input.index(below: FuzzBodies.handshake.count)
            FuzzBodies.handshake[row].check(input.everything())
        case 1: listens(server(&input, .plain).peer, &input)
        case 2: listens(client(&input, Hello(agent: "fuzz"), .plain), &input)
        case 3: agrees(&input, .plain)
        case 4: AuthFuzz.check(&input)
        default:
            let entry = FuzzEntry.all[input.index(below: FuzzEntry.all.count)]
            agrees(&input, entry)
        }
    }

    static func configuration(_ byte: UInt8) -> SessionConfiguration {
        var configuration = SessionConfiguration()
        configuration.isCompressionAllowed = byte & 1 == 0
        configuration.requestsInFlightMax = byte & 2 == 0 ? Limits.requestsInFlightMax : 2
        if byte & 4 != 0 { configuration.frameBytesMax = Limits.frameBytesFloor }
        return configuration
    }

    static func server(
        _ input: inout FuzzInput,
        _ entry: FuzzEntry
    ) -> (peer: FuzzPeer, isOpenTo: [PeerRole]) {
        let family: RPCFamily = input.u8() & 1 == 0 ? .rpc : .admin
        let settings = input.u8()
        let admission = admissions[Int(settings >> 4) % admissions.count]
        let machine = SessionMachine(
            serving: family,
            admission: admission,
            isSecured: entry.gate != nil,
            methods: VersionTable(MethodRange.all),
            configuration(settings),
            now: start
        )
        let guests = admission == .ok ? roles.filter { family.admits($0) } : []
        let peer = FuzzPeer(machine, isSecured: entry.gate != nil, now: start)
        if let gate = entry.gate { peer.secure(gate) }
        return (peer, guests)
    }

    static func client(
        _ input: inout FuzzInput,
        _ offer: Hello,
        _ entry: FuzzEntry
    ) -> FuzzPeer {
        let role = roles[input.index(below: roles.count)]
        let settings = configuration(input.u8())
        let machine = SessionMachine(
            connectingAs: role,
            offer: offer,
            token: entry.token?.text,
            isSecured: entry.isClientSecured,
            settings,
            now: start
        )
        return FuzzPeer(machine, isSecured: entry.isClientSecured, now: start)
    }

    /// One end hears anything, cut in any way.
    private static func listens(_ peer: FuzzPeer, _ input: inout FuzzInput) {
        let piece = Int(input.u8())
        let preface = FrameMender.preface(input.bytes(4))
        let stream = FrameMender.mend(input.everything(), deflates: false)
        peer.receive(preface)
        var rest = stream[...]
        while !rest.isEmpty {
            let count = piece == 0 ? rest.count : piece
            peer.receive(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        if let terms = peer.terms { checkTerms(terms, peer.machine.configuration) }
        peer.wait(.seconds(10))
        Invariant.hold(peer.isClosed || peer.terms != nil, "a handshake without an end")
        peer.handle(.ended)
        Invariant.hold(peer.isClosed, "an end without its transport")
    }

    private static func checkTerms(_ terms: SessionTerms, _ own: SessionConfiguration) {
        let frames = Limits.frameBytesFloor...Limits.frameBytesCeiling
        Invariant.hold(frames.contains(terms.frameBytesMax), "frames of \(terms.frameBytesMax)")
        Invariant.hold(terms.requestsInFlightMax >= 1, "no request may be open")
    }

    /// An honest client with any offer that can be read, and an honest server: both open alike,
    /// or the client is told why not.
    private static func agrees(_ input: inout FuzzInput, _ entry: FuzzEntry) {
        let (server, guests) = server(&input, entry)
        let settings = (input.u8(), input.u8())
        let bytes = input.everything()
        guard let offer = try? Hello.decode(bytes.span.bytes),
            offer.encoded.count <= Limits.handshakeFrameBytesMax
        else { return }
        var ends = FuzzInput([settings.0, settings.1])
        let client = client(&ends, offer, entry)
        for _ in 0..<4 {
            server.receive(client.take())
            client.receive(server.take())
        }
        let own = server.machine.configuration
        guard let role = client.machine.role, guests.contains(role) else {
            Invariant.hold(client.terms == nil, "who may not come in is in")
            return
        }
        let outcome = entry.outcome(role)
        guard outcome == .opens else { return isToldWhy(client, server, outcome) }
        guard let one = client.terms, let other = server.terms else {
            let ends = [client.end, server.end]
            Invariant.fail("an honest offer is not taken: \(ends)")
        }
        let isSame =
            one.frameBytesMax == other.frameBytesMax && one.isCompressed == other.isCompressed
            && one.requestsInFlightMax == other.requestsInFlightMax && one.role == other.role
        Invariant.hold(isSame, "two ends agree on two things")
        checkTerms(one, own)
        Invariant.hold(one.frameBytesMax <= own.frameBytesMax, "above the server's")
    }

    /// Who is not let in hears the reason, and so does the other end.
    private static func isToldWhy(
        _ client: FuzzPeer,
        _ server: FuzzPeer,
        _ outcome: FuzzEntry.Outcome
    ) {
        for peer in [client, server] {
            Invariant.hold(peer.terms == nil, "who may not come in is in")
            let found: FuzzEntry.Outcome? =
                switch peer.end {
                case .refused(let status, _): status.map { .sentAway($0) }
                case .local(let error), .remote(let error): error.code.value.map { .ends($0) }
                case .garbage, .untrusted, .silent, .left, .lost, nil: nil
                }
            Invariant.hold(found == outcome, "not \(outcome) but \(String(describing: peer.end))")
        }
    }

    static func seeds(_ vectors: [FuzzVector]) -> [(String, [UInt8])] {
        let names = FuzzBodies.handshake.map(\.name)
        var seeds: [(String, [UInt8])] = []
        for vector in vectors {
            if let row = names.firstIndex(of: vector.message), vector.kind == "body" {
                seeds.append((vector.name, [0, UInt8(row)] + vector.bytes))
                if vector.message == "HELLO" {
                    seeds.append(("agrees-\(vector.name)", [3, 0, 0, 0, 0] + vector.bytes))
                    let token: [UInt8] = [5, 3, 0, 0, 0, 0]
                    seeds.append(("agrees-by-token-\(vector.name)", token + vector.bytes))
                }
            }
            if vector.kind == "stream" {
                let isServer = vector.from == "client"
                let end: [UInt8] = [isServer ? 1 : 2, isServer ? 0 : 1, 0, 20]
                seeds.append((vector.name, end + heard(vector.bytes)))
            }
            if vector.kind == "frame", vector.state != "ready" {
                let isServer = vector.state == "before_hello" || vector.state == "before_auth"
                let preface: [UInt8] = isServer ? [1, 1, 2, 0] : [1, 0, 0, 0]
                let end: [UInt8] = [isServer ? 1 : 2, 0, 0, 0]
                seeds.append((vector.name, end + preface + vector.bytes))
            }
        }
        return seeds
    }

    /// A stream as an input has it: of the preface only what is not fixed.
    private static func heard(_ stream: [UInt8]) -> [UInt8] {
        Array(stream[Preface.magic.count..<12] + stream[Preface.byteCount...])
    }
}

/// What libFuzzer calls first.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(_ count: UnsafeMutableRawPointer?, _ words: UnsafeMutableRawPointer?)
    -> CInt
{
    FuzzSeeds.writeWhereAsked(HandshakeFuzz.seeds)
}

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
package func test(_ data: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = FuzzInput(data, count)
    HandshakeFuzz.check(&input)
    return 0
}
