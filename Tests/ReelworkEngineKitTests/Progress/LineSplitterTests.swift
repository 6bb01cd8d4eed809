// SPDX-License-Identifier: Apache-2.0
// Reelwork: lines of a bounded length

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: lines come out the same however the bytes are cut, and none grows without bound.
struct LineSplitterTests {
    private func lines(_ pieces: [[UInt8]], max: Int? = nil) -> ([String], Int) {
        var splitter = LineSplitter(lineBytesMax: max)
        var lines: [String] = []
        for piece in pieces {
            splitter.consume(piece) { lines.append(String(decoding: $0, as: UTF8.self)) }
        }
        return (lines, splitter.droppedCount)
    }

    @Test
    func anyCutGivesTheSameLines() {
        let bytes = Array("one\r\ntwo\n\nthree\rfour\nrest".utf8)
        for cut in 0...bytes.count {
            let (lines, _) = lines([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(lines == ["one", "two", "three", "four"])
        }
    }

    @Test
    func aLineThatIsTooLongIsDroppedAndTheNextIsRead() {
        let (lines, dropped) = lines([Array("12345\n1234\n123456789\nok\n".utf8)], max: 4)
        #expect(lines == ["1234", "ok"])
        #expect(dropped == 2)
    }

    @Test
    func theUsualBoundIsTheLimit() {
        let long = [UInt8](repeating: 65, count: Limits.progressLineBytesMax)
        #expect(lines([long + [10]]).0.count == 1)
        #expect(lines([long + [65, 10]]).0.isEmpty)
    }
}
