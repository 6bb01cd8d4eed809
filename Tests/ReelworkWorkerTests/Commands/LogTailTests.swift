// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the last bytes of a log

import ReelworkWorker
import Testing

/// The tail of a log.
///
/// Goal: it is bounded, and offsets count in the whole log. Method: a tail of four bytes.
struct LogTailTests {
    @Test func keepsTheEndAndCountsTheWhole() {
        let tail = LogTail(bytesMax: 4)
        #expect(tail.read(from: 0) == (0, []))
        tail.append([1, 2, 3])
        #expect(tail.read(from: 0) == (0, [1, 2, 3]))
        #expect(tail.read(from: 2) == (2, [3]))
        tail.append(Array(4...9))
        #expect(tail.bytes == [6, 7, 8, 9])
        #expect(tail.read(from: 0) == (5, [6, 7, 8, 9]))
        #expect(tail.read(from: 8) == (8, [9]))
        #expect(tail.read(from: 9) == (9, []))
        #expect(tail.read(from: .max) == (.max, []))
    }

    @Test func staysBounded() {
        let tail = LogTail(bytesMax: 64)
        for _ in 0..<1_000 { tail.append([UInt8](repeating: 7, count: 100)) }
        #expect(tail.bytes.count == 64)
        #expect(tail.read(from: 0).offset == 100_000 - 64)
    }
}
