// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether the files are still where a new start looks for them

import Foundation
import ReelworkCore
import Synchronization

/// Whether the database and its log are still where a new start looks for them.
///
/// SQLite keeps its files open, so one that was removed or moved goes on taking commits, and all of
/// them are lost when the process ends. Only names are looked at: closing a descriptor of the
/// database would drop SQLite's locks.
final class StorePlace: Sendable {
    /// What a name stands for.
    private enum Entry: Equatable {
        case file(device: UInt64, inode: UInt64)
        /// There is surely none.
        case absent
        /// It cannot be looked at now, which says nothing.
        case hidden
    }

    private let databasePath: String
    private let database: Entry
    /// The log, from when it was seen first.
    private let log = Mutex(Entry.absent)

    /// Remembers the database as it is now, right after it was opened.
    init(databasePath: String) {
        self.databasePath = databasePath
        database = StorePlace.entry(databasePath)
    }

    /// Throws where another file, or none, is in the place of one that is written to.
    func verify() throws(StoreError) {
        try compare(databasePath, with: database)
        let path = databasePath + "-wal"
        let known = log.withLock { known in
            if known == .absent { known = StorePlace.entry(path) }
            return known
        }
        try compare(path, with: known)
    }

    private func compare(_ path: String, with known: Entry) throws(StoreError) {
        guard case .file = known else { return }
        let what: String
        switch StorePlace.entry(path) {
        case known, .hidden: return
        case .absent: what = "was removed or moved"
        case .file: what = "was replaced"
        }
        throw .gone(
            "\(path) \(what) while this scheduler wrote to it, so it ends before it accepts what "
                + "would be lost; put the data folder back, or name the right one with --data, and "
                + "start again"
        )
    }

    private static func entry(_ path: String) -> Entry {
        var status = stat()
        if stat(path, &status) == 0 {
            return .file(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        }
        return errno == ENOENT || errno == ENOTDIR ? .absent : .hidden
    }
}
