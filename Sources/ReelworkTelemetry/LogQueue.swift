// SPDX-License-Identifier: Apache-2.0
// Reelwork: log lines on their way out

import Glibc
import ReelworkCore
import ReelworkSystem
import Synchronization

/// Log lines on their way out: bounded, written by a thread of its own, so that a stuck terminal
/// never holds up a commit.
///
/// What does not fit is dropped and counted.
package final class LogQueue: Sendable {
    private struct State {
        var lines: [String] = []
        var dropped: UInt64 = 0
        var droppedTold: UInt64 = 0
        var isClosed = false
        var isEnded = false
    }

    private let state = Mutex(State())
    private let bell: Doorbell
    private let endBell: Doorbell
    private let descriptor: Int32
    private let linesMax: Int
    private let thread = Mutex<DedicatedThread?>(nil)

    /// Makes a queue that writes to a descriptor; nil where threads or descriptors are used up.
    package init?(descriptor: Int32 = STDERR_FILENO, linesMax: Int) {
        guard let bell = Doorbell(), let endBell = Doorbell() else { return nil }
        self.bell = bell
        self.endBell = endBell
        self.descriptor = descriptor
        self.linesMax = linesMax
        guard let started = DedicatedThread(name: "log", { [self] in run() }) else { return nil }
        thread.withLock { $0 = started }
    }

    /// Adds a line, without its end; drops it where the queue is full.
    package func add(_ line: String) {
        let wasEmpty = state.withLock { state in
            guard !state.isClosed, state.lines.count < linesMax else {
                state.dropped += 1
                return false
            }
            state.lines.append(line)
            return state.lines.count == 1
        }
        if wasEmpty { bell.ring() }
    }

    /// Lines dropped since the start.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Writes what is left and ends the thread, or leaves it to itself where its reader takes
    /// nothing for so long; true where all was written.
    ///
    /// It may be asked again.
    @discardableResult
    package func close(within time: Duration) -> Bool {
        state.withLock { $0.isClosed = true }
        bell.ring()
        guard let started = thread.withLock({ $0 }) else { return true }
        let deadline = SystemClock.boot().advanced(by: time)
        while !state.withLock({ $0.isEnded }) {
            guard SystemClock.boot() < deadline else { return false }
            endBell.wait(until: deadline)
        }
        started.join()
        return true
    }

    private func run() {
        while true {
            let (lines, missing, isClosed) = state.withLock { state in
                defer {
                    state.lines.removeAll(keepingCapacity: true)
                    state.droppedTold = state.dropped
                }
                return (state.lines, state.dropped - state.droppedTold, state.isClosed)
            }
            var text = lines.joined(separator: "\n")
            if !lines.isEmpty { text += "\n" }
            if missing > 0 { text += "[Log] \(missing) lines were dropped\n" }
            write(text)
            if isClosed {
                state.withLock { $0.isEnded = true }
                return endBell.ring()
            }
            if lines.isEmpty { bell.wait(until: .distantFuture) }
        }
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(
                    descriptor,
                    bytes.baseAddress.map { $0 + offset },
                    bytes.count - offset
                )
                guard count > 0 || errno == EINTR else { return }
                offset += max(0, count)
            }
        }
    }
}
