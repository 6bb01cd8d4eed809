// SPDX-License-Identifier: Apache-2.0
// Reelwork: an SQLite result code with its text

import GRDBSQLite

/// An SQLite result code with its text, as a statement bound by hand meets it.
struct SQLiteFailure: Error, Hashable, Sendable {
    /// The extended result code.
    var code: Int32
    /// SQLite's words.
    var message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// The last failure of the connection that a statement belongs to.
    init(of statement: OpaquePointer) {
        let database = sqlite3_db_handle(statement)
        code = sqlite3_extended_errcode(database)
        message = sqlite3_errmsg(database).map { String(cString: $0) } ?? "unknown"
    }
}
