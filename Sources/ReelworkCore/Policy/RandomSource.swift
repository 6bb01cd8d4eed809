// SPDX-License-Identifier: Apache-2.0
// Reelwork: seeded random numbers

/// Seeded random numbers for jitter and ids, so that a run can be repeated from its seed.
///
/// Two counters are mixed by the function of ``OpenSetDigest/mix(_:)``; wrapping addition is meant:
/// it is a counter.
public struct RandomSource: Hashable, Sendable {
    private var first: UInt64
    private var second: UInt64

    /// Makes a source; the same seeds give the same numbers.
    public init(seed first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        first &+= 0x9E37_79B9_7F4A_7C15
        second &+= 0xD1B5_4A32_D192_ED03
        return OpenSetDigest.mix(first) ^ OpenSetDigest.mix(second)
    }
}
