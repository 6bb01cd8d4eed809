// SPDX-License-Identifier: Apache-2.0
// Reelwork: seeded random numbers for tests.
import ReelworkCore

/// Seeded random numbers.
struct SplitMix {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return OpenSetDigest.mix(state)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
