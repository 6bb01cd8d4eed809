// SPDX-License-Identifier: Apache-2.0
// Reelwork: a digest of an output path

import ReelworkCore

/// A digest of an output path, 128 bits wide: two live jobs with one output are refused without
/// keeping a million paths in memory.
///
/// The mixing is hashing, so wrapping arithmetic is meant.
struct OutputDigest: Hashable, Sendable {
    private var first: UInt64
    private var second: UInt64

    init(_ path: String) {
        var first: UInt64 = 0x243F_6A88_85A3_08D3
        var second: UInt64 = 0x1319_8A2E_0370_7344
        var word: UInt64 = 0
        var count: UInt64 = 0
        for byte in path.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            guard count % 8 == 0 else { continue }
            first = OpenSetDigest.mix(first ^ word)
            second = OpenSetDigest.mix(second &+ word ^ first)
            word = 0
        }
        self.first = OpenSetDigest.mix(first ^ word ^ count)
        self.second = OpenSetDigest.mix(second &+ word ^ self.first)
    }
}
