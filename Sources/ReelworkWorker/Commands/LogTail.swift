// SPDX-License-Identifier: Apache-2.0
// Reelwork: the last bytes of a log

import ReelworkCore
import Synchronization

/// The last bytes of a log, readable while it is written.
package final class LogTail: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var dropped: UInt64 = 0
    }

    private let state = Mutex(State())
    private let bytesMax: Int

    /// Makes an empty one that keeps at most so many bytes.
    package init(bytesMax: Int? = nil) {
        self.bytesMax = max(1, bytesMax ?? Limits.logTailBytesMax)
    }

    /// Adds bytes and drops the oldest ones beyond the limit.
    package func append(_ bytes: some Collection<UInt8>) {
        state.withLock { state in
            state.bytes.append(contentsOf: bytes)
            // Dropped in big steps, so that a chatty program does not cost a copy for each line.
            guard state.bytes.count > 2 * bytesMax else { return }
            let excess = state.bytes.count - bytesMax
            state.bytes.removeFirst(excess)
            state.dropped += UInt64(excess)
        }
    }

    /// The kept bytes.
    package var bytes: [UInt8] { state.withLock { Array($0.bytes.suffix(bytesMax)) } }

    /// Reads from a place in the whole log on.
    ///
    /// - Returns: the place of the first byte, later than asked for where the start is gone, and
    /// the
    ///   bytes; none where nothing is there yet.
    package func read(from offset: UInt64) -> (offset: UInt64, data: [UInt8]) {
        state.withLock { state in
            let count = min(state.bytes.count, bytesMax)
            let end = state.dropped + UInt64(state.bytes.count)
            let start = end - UInt64(count)
            guard offset < end else { return (offset, []) }
            let first = max(offset, start)
            return (first, Array(state.bytes.suffix(Int(end - first))))
        }
    }
}
