// SPDX-License-Identifier: Apache-2.0
// Reelwork: SQLite without the store's rules

import GRDBSQLite

/// A plain SQLite connection, as another program would open it.
package final class RawConnection {
    /// SQLite's code and words.
    package struct Failure: Error, CustomStringConvertible {
        /// SQLite's result code.
        package var code: Int32
        /// What SQLite says of it.
        package var description: String
    }

    private var handle: OpaquePointer?

    /// Opens a file, and makes it where it is not there.
    package init(_ path: String) throws {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        try require(sqlite3_open_v2(path, &handle, flags, nil))
    }

    deinit {
        sqlite3_close(handle)
    }

    /// Runs statements.
    package func run(_ sql: String) throws {
        try require(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// The first column of the first row.
    package func text(_ sql: String) throws -> String? {
        var statement: OpaquePointer?
        try require(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
        defer { sqlite3_finalize(statement) }
        guard sqlite3_step(statement) == SQLITE_ROW else { return nil }
        return sqlite3_column_text(statement, 0).map { String(cString: $0) }
    }

    private func require(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        throw Failure(code: code, description: String(cString: sqlite3_errmsg(handle)))
    }
}
