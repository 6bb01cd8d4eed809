// SPDX-License-Identifier: Apache-2.0
// Reelwork: how many may stand before the door.

import Logging
import ReelworkCore
import Testing

@testable import ReelworkRPC
@testable import ReelworkWire

// Goal: no address and no credential takes all places. Method: the counters that all connections
// share; loopback, which sockets in a test come from, is exempt. Security checklist 5.
struct ServerSharedTests {
    private func shared() -> ServerShared {
        ServerShared(
            RPCServerConfiguration(
                cluster: JobID(high: 1, low: 1),
                epoch: 1,
                agent: "s",
                connectionsMax: 10_000
            ),
            ServedPeer(),
            Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            ownerUID: 0
        )
    }

    @Test func oneAddressHasSoManyPlacesBeforeItHasSaidWhoItIs() {
        let shared = shared()
        let most = Limits.connectionsUnauthenticatedPerAddressMax
        for _ in 0..<most { #expect(shared.admit(stranger: "192.0.2.1") == .ok) }
        #expect(shared.admit(stranger: "192.0.2.1") == .overloaded)
        #expect(shared.admit(stranger: "192.0.2.2") == .ok)
        #expect(shared.admit(stranger: nil) == .ok)
        // One that is told so counts until it is gone, and one that got in counts no more.
        shared.authenticated(stranger: "192.0.2.1")
        shared.authenticated(stranger: "192.0.2.1")
        #expect(shared.admit(stranger: "192.0.2.1") == .ok)
        #expect(shared.admit(stranger: "192.0.2.1") == .overloaded)
    }

    // Security checklist 7 (rates of handshakes).
    @Test func oneAddressBeginsSoManyHandshakesAndThisMachineAsManyAsItLikes() {
        let shared = shared()
        let now = BootInstant(nanoseconds: 1)
        for _ in 0..<Limits.handshakesPerAddressBurst {
            #expect(shared.mayBegin(stranger: "192.0.2.1", now: now))
        }
        #expect(!shared.mayBegin(stranger: "192.0.2.1", now: now))
        #expect(shared.mayBegin(stranger: "192.0.2.2", now: now))
        for _ in 0...Limits.handshakesPerAddressBurst {
            #expect(shared.mayBegin(stranger: nil, now: now))
        }
    }

    @Test func oneCredentialHasSoManyConnections() {
        let shared = shared()
        let token = PeerIdentity(kind: .token, credential: "aa", name: "x", role: .reader)
        let certificate = PeerIdentity(
            kind: .certificate,
            credential: "aa",
            name: "x",
            role: .reader
        )
        for _ in 0..<Limits.connectionsPerCredentialMax { #expect(shared.enter(token)) }
        #expect(!shared.enter(token))
        #expect(shared.enter(certificate))
        shared.leave(token)
        #expect(shared.enter(token))
        #expect(!shared.enter(token))
    }
}
