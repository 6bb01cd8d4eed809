// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of universal ids.

import ReelworkCore
import Testing

/// Goal: the layout of RFC 9562, section 5.7, and the text form both ways.
struct JobIDTests {
    @Test func version7HasTimeVersionAndVariantInTheirPlaces() {
        let id = JobID(
            at: Timestamp(milliseconds: 0x0123_4567_89AB),
            random: (.max, .max)
        )
        #expect(id.description == "01234567-89ab-7fff-bfff-ffffffffffff")
        let zero = JobID(at: Timestamp(milliseconds: 0), random: (0, 0))
        #expect(zero.description == "00000000-0000-7000-8000-000000000000")
        #expect(id[byte: 0] == 0x01)
        #expect(id[byte: 6] == 0x7F)
        #expect(id[byte: 8] == 0xBF)
        #expect(id[byte: 15] == 0xFF)
    }

    @Test(arguments: [Int64.min, -1, 0, 1 << 48, .max])
    func noTimeTrapsOrSpoilsTheVersion(milliseconds: Int64) {
        let id = JobID(at: Timestamp(milliseconds: milliseconds), random: (.max, 0))
        #expect(id[byte: 6] >> 4 == 7)
        #expect(id[byte: 8] >> 6 == 2)
    }

    @Test func textGoesBothWays() {
        var random = SplitMix(7)
        for _ in 0..<1_000 {
            let id = JobID(high: random.next(), low: random.next())
            #expect(JobID(id.description) == id)
            #expect(JobID(id.description.uppercased()) == id)
        }
    }

    @Test(arguments: [
        "", "12", "0190b6f2-c3d4-7e5f-8a1b-2c3d4e5f607", "0190b6f2-c3d4-7e5f-8a1b-2c3d4e5f60711",
        "0190b6f2_c3d4-7e5f-8a1b-2c3d4e5f6071", "0190b6f2-c3d4-7e5f-8a1b-2c3d4e5f607g",
        "0190b6f2c-3d4-7e5f-8a1b-2c3d4e5f6071", " 190b6f2-c3d4-7e5f-8a1b-2c3d4e5f6071",
        "é90b6f2-c3d4-7e5f-8a1b-2c3d4e5f6071", "------------------------------------",
    ])
    func anythingElseIsNil(text: String) {
        #expect(JobID(text) == nil)
    }
}
