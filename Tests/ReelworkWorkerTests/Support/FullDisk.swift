// SPDX-License-Identifier: Apache-2.0
// Reelwork: a disk that is full when a test says so

import Glibc
import Synchronization

@testable import ReelworkWorker

/// A disk that is full when a test says so: what a ledger writes goes through it.
final class FullDisk: Sendable {
    private struct State {
        /// Bytes for which there is room; nil for any number.
        var room: Int?
        /// New files that find no room; a file is new while it is empty.
        var refusals = 0
        var refused = 0
    }

    private let state = Mutex(State())

    /// From now on there is room for so many bytes.
    func fill(room: Int) { state.withLock { $0.room = room } }

    /// There is room again.
    func free() { state.withLock { $0.room = nil } }

    /// So many files that begin from now on find no room.
    func refuse(files: Int) { state.withLock { $0.refusals = files } }

    /// How many files found none.
    var refused: Int { state.withLock { $0.refused } }

    /// Writes as a ledger does.
    @Sendable func write(_ bytes: [UInt8], _ file: Int32) throws(FileError) {
        let isNew = lseek(file, 0, SEEK_END) == 0
        let count = state.withLock { state in
            if isNew, state.refusals > 0 {
                state.refusals -= 1
                state.refused += 1
                return 0
            }
            let count = min(bytes.count, state.room ?? bytes.count)
            if let room = state.room { state.room = room - count }
            return count
        }
        try FileCalls.write(Array(bytes.prefix(count)), to: file, path: "ledger")
        guard count == bytes.count else { throw FileError("write", "ledger", ENOSPC) }
    }
}
