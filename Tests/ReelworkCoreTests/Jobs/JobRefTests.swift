// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of how requests name jobs.

import ReelworkCore
import Testing

/// Goal: nothing is guessed (lesson 19: an id that begins with digits is no job number).
struct JobRefTests {
    @Test func numbersAndIdsAreRead() throws {
        #expect(JobRef("12") == .number(JobNumber(12)))
        #expect(JobRef("#12") == .number(JobNumber(12)))
        #expect(JobRef("18446744073709551615") == .number(JobNumber(.max)))
        let text = "12345678-1234-7234-8234-123456789012"
        let id = try #require(JobID(text))
        #expect(JobRef(text) == .id(id))
    }

    @Test(arguments: [
        "", "#", "0", "#0", "12abc", "12-34", "+12", "-1", " 12", "12 ", "##12", "1_000", "0x12",
        "18446744073709551616", "١٢", "12345678-1234-7234-8234-12345678901",
    ])
    func garbageAndPrefixesAreNotGuessed(text: String) {
        #expect(JobRef(text) == nil)
    }
}
