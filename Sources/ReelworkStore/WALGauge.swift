// SPDX-License-Identifier: Apache-2.0
// Reelwork: how long the write-ahead log is

import GRDB
import GRDBSQLite
import Synchronization

/// How many pages the write-ahead log holds, told by SQLite after each commit.
///
/// The file's size would not do: the log starts again from its beginning after a checkpoint and the
/// file keeps its length.
final class WALGauge: Sendable {
    /// Pages in the log after the last commit.
    let pages = Atomic<Int>(0)
    /// No checkpoint is tried before the log has this many pages: one that a reader held up is not
    /// tried again at each commit.
    let pagesNext = Atomic<Int>(0)

    /// Listens to a connection's commits; the gauge must outlive it.
    ///
    /// It takes the place of automatic checkpoints, which SQLite makes by the same hook.
    func watch(_ database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                if let context {
                    let gauge = Unmanaged<WALGauge>.fromOpaque(context).takeUnretainedValue()
                    gauge.pages.store(Int(pages), ordering: .relaxed)
                }
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
