// SPDX-License-Identifier: Apache-2.0
// Reelwork: the order of those who have taken nothing for the longest.

import ReelworkCore
import Testing

@testable import ReelworkRPC

// Goal: who took nothing for the longest comes first. Method: many entries in a mixed order against
// sorting.
struct SlowLineTests {
    private func entry(_ at: Int64, _ id: UInt64) -> SlowLine.Entry {
        SlowLine.Entry(at: BootInstant(nanoseconds: at), id: id)
    }

    private func first(_ line: inout SlowLine) -> SlowLine.Entry? { line.popFirst() }

    @Test func theEarliestComesFirst() {
        var line = SlowLine()
        let entries = (0..<1_000).map { entry(Int64($0 * 7_919 % 613), UInt64($0)) }
        for entry in entries { line.add(entry) }
        #expect(line.count == 1_000)
        var out: [SlowLine.Entry] = []
        while let first = first(&line) { out.append(first) }
        #expect(out == entries.sorted())
        #expect(first(&line) == nil)
    }

    @Test func thoseThatAreGoneAreForgotten() {
        var line = SlowLine()
        for id in 0..<100 { line.add(entry(Int64(100 - id), UInt64(id))) }
        line.forget { $0 % 2 == 0 }
        #expect(line.count == 50)
        #expect(first(&line)?.id == 99)
        #expect(first(&line)?.id == 97)
    }
}
