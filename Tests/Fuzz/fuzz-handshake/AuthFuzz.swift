// SPDX-License-Identifier: Apache-2.0
// Reelwork: a server inside TLS, and a client that keeps to nothing

import FuzzKit
import FuzzPeers
import ReelworkCore
import ReelworkRPC
import ReelworkWire

// An input: a byte that says how the client comes, one of its role, one that says in which pieces
// its bytes come (0 = at once), then operations: a byte that chooses and what it asks for. With its
// highest bit set what was said waits for what is said next.

/// A server inside TLS, and a client that keeps to nothing: prefaces, HELLO and AUTH in any order,
/// twice, early, late, with tokens that are good, over, taken back, too long or none.
///
/// Nobody comes in but who has the right token or certificate for the role, one AUTH is judged, and
/// no answer tells a secret.
struct AuthFuzz {
    private let server: FuzzPeer
    private let entry: FuzzEntry
    private let role: PeerRole
    private let piece: Int
    private var waiting: [UInt8] = []
    private var said: [UInt8] = []

    private static let operationsMax = 64

    static func check(_ input: inout FuzzInput) {
        var fuzz = AuthFuzz(&input)
        for _ in 0..<operationsMax where !input.isEmpty { fuzz.operate(&input) }
        fuzz.finish()
    }

    private init(_ input: inout FuzzInput) {
        entry = FuzzEntry.all[input.index(below: FuzzEntry.all.count)]
        role = HandshakeFuzz.roles[input.index(below: HandshakeFuzz.roles.count)]
        piece = Int(input.u8())
        let machine = SessionMachine(
            serving: role == .admin ? .admin : .rpc,
            isSecured: true,
            methods: VersionTable(MethodRange.all),
            SessionConfiguration(),
            now: HandshakeFuzz.start
        )
        server = FuzzPeer(machine, isSecured: true, now: HandshakeFuzz.start)
        // Without a gate TLS comes up when an operation says so.
        if let gate = entry.gate { server.secure(gate) }
    }

    private mutating func operate(_ input: inout FuzzInput) {
        let choice = input.u8()
        let bytes: [UInt8] =
            switch choice & 0x0F {
            case 0: ClientPreface(role: role).encoded
            case 1: AuthFuzz.frame(Hello(agent: "fuzz"), .hello)
            case 2, 3: AuthFuzz.auth(AuthFuzz.token(&input))
            case 4: AuthFuzz.auth(AuthFuzz.token(&input), as: "other")
            case 5: AuthFuzz.auth([UInt8](repeating: 0x72, count: Int(input.u8()) * 32))
            case 6: AuthFuzz.auth(AuthFuzz.damaged(&input))
            case 7: AuthFuzz.auth(input.bytes(Int(input.u8())))
            case 8: FrameMender.preface(input.bytes(4))
            case 9, 10: AuthFuzz.frame(&input)
            case 11, 12: AuthFuzz.request(&input)
            case 13: AuthFuzz.frame(Ping(opaque: 0), .ping)
            case 14: wait(&input)
            default: secure(&input)
            }
        waiting += bytes
        if choice & 0x80 == 0 { deliver() }
    }

    private mutating func deliver() {
        var rest = waiting[...]
        waiting = []
        while !rest.isEmpty {
            let count = piece == 0 ? rest.count : piece
            server.receive(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        said += server.take()
    }

    private mutating func finish() {
        deliver()
        for request in server.ledger.open {
            server.fail(ErrorMessage(.notFound, detail: "fuzz"), request)
        }
        server.wait(.seconds(10))
        Invariant.hold(server.isClosed || server.terms != nil, "a handshake without an end")
        said += server.take()
        Invariant.hold(!FuzzRegister.tells(said), "an answer tells a secret")
        server.handle(.ended)
        Invariant.hold(server.isClosed, "an end without its transport")
    }

    // MARK: - What is said

    private static func frame(_ message: some WireMessage, _ kind: FrameKind) -> [UInt8] {
        frame(kind.rawValue, message.encoded, 0, 0)
    }

    private static func frame(
        _ type: UInt8,
        _ body: [UInt8],
        _ field: UInt16,
        _ id: UInt32
    ) -> [UInt8] {
        let header = FrameHeader(
            type: type,
            methodField: field,
            requestID: id,
            wireLength: UInt32(body.count),
            plainLength: UInt32(body.count),
            payloadChecksum: Checksum.crc32c(body.span.bytes)
        )
        return header.encoded + body
    }

    /// A frame of any kind, with any body.
    private static func frame(_ input: inout FuzzInput) -> [UInt8] {
        let type = input.u8()
        return frame(type, input.bytes(Int(input.u8())), 0, 0)
    }

    private static func request(_ input: inout FuzzInput) -> [UInt8] {
        let methods = MethodRange.all
        let method = methods[input.index(below: methods.count)]
        let id = UInt32(input.u8())
        return frame(FrameKind.request.rawValue, input.bytes(4), method.id << 4 | 1, id)
    }

    private static func auth(_ data: [UInt8], as mechanism: String = "token") -> [UInt8] {
        frame(Auth(mechanism: mechanism, data: data), .auth)
    }

    private static func token(_ input: inout FuzzInput) -> [UInt8] {
        FuzzRegister.tokens[input.index(below: FuzzRegister.tokens.count)].text
    }

    /// A token of which one byte is another, or that ends early.
    private static func damaged(_ input: inout FuzzInput) -> [UInt8] {
        var text = token(&input)
        let place = input.index(below: text.count)
        let change = input.u8()
        if change == 0 { return Array(text[..<place]) }
        text[place] ^= change
        return text
    }

    // MARK: - What happens

    private func wait(_ input: inout FuzzInput) -> [UInt8] {
        server.wait(.milliseconds(Int(input.u8()) * 100))
        return []
    }

    private func secure(_ input: inout FuzzInput) -> [UInt8] {
        let entry = FuzzEntry.all[input.index(below: FuzzEntry.all.count)]
        if let gate = entry.gate { server.secure(gate) }
        return []
    }
}
