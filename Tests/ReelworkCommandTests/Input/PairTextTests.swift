// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of pairs as people write them

import ReelworkCore
import Testing

@testable import reelwork

// Goal: amounts and labels are read strictly, and what is refused is named by its flag and not
// shown whole. Method: tables.
struct PairTextTests {
    private func words(_ texts: [String]) -> String? {
        do throws(CommandFailure) {
            _ = try PairText.amounts(texts, flag: "--need")
            return nil
        } catch {
            return error.what
        }
    }

    @Test func amountsAreRead() throws {
        let read = try PairText.amounts(
            ["slot=2", "gpu_session:0=0", "x=18446744073709551615"],
            flag: "--need"
        )
        #expect(read.map(\.name) == ["slot", "gpu_session:0", "x"])
        #expect(read.map(\.amount) == [2, 0, .max])
    }

    @Test(arguments: [
        "cpu", "=4", "cpu=", "cpu=four", "cpu=-1", "cpu=+1", "cpu=1.5", "cpu=1e3", "cpu= 1",
        "cpu=18446744073709551616", "cpu=٤",
    ])
    func whatIsNoAmountIsRefused(text: String) {
        #expect(words([text])?.hasPrefix("--need") == true)
    }

    @Test func noResourceMayBeNamedTwice() {
        #expect(words(["cpu=1", "memory_mib=2", "cpu=1"]) == "--need cpu is given twice")
        #expect(words(["gpu_session=1", "gpu_session:0=1"]) == nil)
    }

    @Test(arguments: [("zone=", 252), ("=", 0)])
    func aLabelHasALimit(start: String, fits: Int) {
        guard fits > 0 else {
            #expect(throws: CommandFailure.self) { try PairText.labels([start], flag: "--label") }
            return
        }
        let value = String(repeating: "x", count: fits)
        #expect(throws: Never.self) { try PairText.labels([start + value], flag: "--label") }
        let long = start + value + String(repeating: "x", count: 1 << 20)
        let failure = #expect(throws: CommandFailure.self) {
            try PairText.labels([long], flag: "--label")
        }
        #expect(
            failure?.what == "--label: a label has 1048832 bytes; it may have 256 with its value"
        )
    }
}
