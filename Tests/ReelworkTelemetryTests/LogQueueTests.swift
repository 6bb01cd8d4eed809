// SPDX-License-Identifier: Apache-2.0
// Reelwork: log lines and readers that take none

import Glibc
import ReelworkCore
import ReelworkSystem
import ReelworkTelemetry
import Testing

/// Goal: all lines come out in order; a reader that takes none costs lines, counted, and never
/// holds up who logs or who ends.
///
/// Method: pipes, one of them full.
@Suite(.timeLimit(.minutes(1)))
struct LogQueueTests {
    private final class Pipe: Sendable {
        let ends: (read: Int32, write: Int32)

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            self.ends = (ends[0], ends[1])
        }

        deinit {
            close(ends.read)
            close(ends.write)
        }

        /// Writes until nothing more goes in.
        func fill() {
            let flags = fcntl(ends.write, F_GETFL)
            _ = fcntl(ends.write, F_SETFL, flags | O_NONBLOCK)
            let bytes = [UInt8](repeating: 0x2E, count: 4_096)
            while write(ends.write, bytes, bytes.count) > 0 {}
            while write(ends.write, bytes, 1) > 0 {}
            _ = fcntl(ends.write, F_SETFL, flags)
        }

        /// What is there now.
        func text() -> String {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = read(ends.read, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    }

    @Test func closeWritesWhatIsLeft() throws {
        let pipe = try Pipe()
        let queue = try #require(LogQueue(descriptor: pipe.ends.write, linesMax: 10))
        for line in ["one", "two", "three"] { queue.add(line) }
        #expect(queue.close(within: .seconds(30)))
        #expect(pipe.text() == "one\ntwo\nthree\n")
        queue.add("late")
        #expect(queue.dropped == 1)
        #expect(queue.close(within: .seconds(30)), "a second close has nothing to wait for")
    }

    @Test func aReaderThatTakesNothingCostsLinesAndNoTime() throws {
        let pipe = try Pipe()
        pipe.fill()
        let queue = try #require(LogQueue(descriptor: pipe.ends.write, linesMax: 10))
        for number in 0..<100 { queue.add("line \(number)") }
        #expect(queue.dropped >= 80)
        let start = SystemClock.boot()
        #expect(!queue.close(within: .milliseconds(50)))
        #expect(SystemClock.boot().since(start) < .seconds(10))
        // The thread that was left behind ends when somebody reads; nothing may close its pipe, and
        // so give its descriptor to another, before it has.
        _ = pipe.text()
        #expect(queue.close(within: .seconds(30)))
    }
}
