// SPDX-License-Identifier: Apache-2.0
// Reelwork: how fast one address may begin handshakes.

internal import ReelworkCore

// Invariants: an entry is in `whole` while something of it is spent, and at most until the next
// sweep after that; at most `addressesMax` entries.

/// How fast one address may begin handshakes: some at once, then so many a second.
///
/// An entry is the instant at which all that its address has spent is earned again; entries whose
/// instant has passed say nothing and are swept out when the table is full.
struct HandshakeRates: Sendable {
    private var whole: [String: BootInstant] = [:]
    private let addressesMax: Int

    /// Makes a table that knows nobody.
    init(addressesMax: Int = Limits.handshakeAddressesMax) {
        self.addressesMax = addressesMax
    }

    /// Addresses that are remembered.
    var count: Int { whole.count }

    /// Counts a handshake that begins; false where this address began too many of late.
    mutating func begin(_ address: String, _ now: BootInstant) -> Bool {
        let interval = Duration.seconds(1) / Limits.handshakesPerAddressPerSecond
        let next = max(whole[address] ?? now, now).advanced(by: interval)
        guard next.since(now) <= interval * Limits.handshakesPerAddressBurst else { return false }
        if whole[address] == nil, whole.count >= addressesMax {
            whole = whole.filter { $0.value > now }
            guard whole.count < addressesMax else { return false }
        }
        whole[address] = next
        return true
    }
}
