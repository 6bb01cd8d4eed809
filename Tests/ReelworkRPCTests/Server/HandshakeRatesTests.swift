// SPDX-License-Identifier: Apache-2.0
// Reelwork: how fast one address may begin handshakes.

import NIOCore
import ReelworkCore
import Testing

@testable import ReelworkRPC

// Goal: one address cannot keep the server busy with handshakes, a farm behind one address comes
// back within seconds, and the table of addresses is bounded. Method: the table, the clock in the
// test's hand. Security checklist 7 (rates of handshakes).
struct HandshakeRatesTests {
    private static let start = BootInstant(nanoseconds: 1_000_000_000)
    private static let burst = Limits.handshakesPerAddressBurst

    private func begin(
        _ rates: inout HandshakeRates,
        _ address: String,
        _ now: BootInstant
    ) -> Bool {
        rates.begin(address, now)
    }

    @Test func someAtOnceThenSoManyASecond() {
        var rates = HandshakeRates()
        for _ in 0..<Self.burst { #expect(begin(&rates, "192.0.2.1", Self.start)) }
        #expect(!begin(&rates, "192.0.2.1", Self.start))
        #expect(begin(&rates, "192.0.2.2", Self.start))
        let later = Self.start.advanced(by: .seconds(1))
        for _ in 0..<Limits.handshakesPerAddressPerSecond {
            #expect(begin(&rates, "192.0.2.1", later))
        }
        #expect(!begin(&rates, "192.0.2.1", later))
    }

    // Full jitter from 0.1 s, doubled to 5 s (ReelworkWorker), and all of them at the same instant
    // at first: the worst that a scheduler's restart can bring.
    @Test func aFarmOfAThousandBehindOneAddressIsBackWithinSeconds() {
        var rates = HandshakeRates()
        var random = SplitMix(state: 7)
        var waiting = (0..<1_000).map { _ in (at: 0, ceiling: 100) }
        var last = 0
        while let index = waiting.indices.min(by: { waiting[$0].at < waiting[$1].at }) {
            let (at, ceiling) = waiting[index]
            if begin(&rates, "192.0.2.1", Self.start.advanced(by: .milliseconds(at))) {
                last = max(last, at)
                waiting.remove(at: index)
            } else {
                let wait = Int.random(in: 0...ceiling, using: &random)
                waiting[index] = (at + max(wait, 1), min(ceiling * 2, 5_000))
            }
        }
        #expect(last < 15_000, "the last came after \(last) ms")
    }

    @Test func theTableIsBoundedAndForgets() {
        var rates = HandshakeRates(addressesMax: 100)
        for index in 0..<100 { #expect(begin(&rates, "192.0.2.\(index)", Self.start)) }
        #expect(!begin(&rates, "198.51.100.1", Self.start))
        #expect(begin(&rates, "192.0.2.7", Self.start))
        let later = Self.start.advanced(by: .seconds(1))
        #expect(begin(&rates, "198.51.100.1", later))
        #expect(rates.count == 1)
    }

    @Test func theTableHoldsAllThatCanComeAtFullPace() {
        let forgotten = Limits.handshakesPerAddressBurst / Limits.handshakesPerAddressPerSecond
        #expect(Limits.handshakeAddressesMax > Limits.acceptsPerSecondMax * forgotten)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
    ])
    func anAddressIsANetworkWhereOneHostHasManyOf(address: String, network: String) throws {
        #expect(try SocketAddress(ipAddress: address, port: 1).network == network)
    }
}

/// Random numbers that are the same in each run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        (state, _) = state.addingReportingOverflow(0x9E37_79B9_7F4A_7C15)
        var z = state
        z = (z ^ (z >> 30)).multipliedReportingOverflow(by: 0xBF58_476D_1CE4_E5B9).partialValue
        z = (z ^ (z >> 27)).multipliedReportingOverflow(by: 0x94D0_49BB_1331_11EB).partialValue
        return z ^ (z >> 31)
    }
}
