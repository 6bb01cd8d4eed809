// SPDX-License-Identifier: Apache-2.0
// Reelwork: random numbers that can be had again

import ReelworkCore

/// Random numbers that can be had again (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return OpenSetDigest.mix(state)
    }
}
