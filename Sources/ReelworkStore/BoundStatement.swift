// SPDX-License-Identifier: Apache-2.0
// Reelwork: a prepared statement bound by hand

import GRDB
import GRDBSQLite
import ReelworkCore

/// A prepared statement bound by hand: several times as fast as by arguments.
///
/// It holds GRDB's `Statement`, which the connection's cache holds too, so the raw pointer is good
/// as long as this value is used within the access that made it. Parameters count from 1, columns
/// from 0, as in SQLite.
struct BoundStatement {
    private let statement: Statement
    private var handle: OpaquePointer { statement.sqliteStatement }

    /// SQLite copies what it is given before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Takes a statement from the connection's cache, or prepares it.
    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
        sqlite3_reset(statement.sqliteStatement)
    }

    // MARK: - Binding

    func bind(_ value: Int64, at index: Int32) throws(SQLiteFailure) {
        try require(sqlite3_bind_int64(handle, index, value))
    }

    func bind(_ value: Int64?, at index: Int32) throws(SQLiteFailure) {
        if let value {
            try require(sqlite3_bind_int64(handle, index, value))
        } else {
            try require(sqlite3_bind_null(handle, index))
        }
    }

    func bind(_ value: String, at index: Int32) throws(SQLiteFailure) {
        var value = value
        let code = value.withUTF8 { bytes in
            // An empty buffer may have no address, and a null address would bind NULL.
            guard let base = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_text(handle, index, "", 0, Self.copied)
            }
            return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(
                    handle,
                    index,
                    $0,
                    UInt64(bytes.count),
                    Self.copied,
                    UInt8(SQLITE_UTF8)
                )
            }
        }
        try require(code)
    }

    func bind(_ value: String?, at index: Int32) throws(SQLiteFailure) {
        if let value {
            try bind(value, at: index)
        } else {
            try require(sqlite3_bind_null(handle, index))
        }
    }

    /// Binds a job's number; one that SQLite has no room for is none of ours.
    func bind(_ value: JobNumber, at index: Int32) throws {
        guard let number = Int64(exactly: value.rawValue) else {
            throw StoreError.refused("\(value.rawValue) is no job's number")
        }
        try bind(number, at: index)
    }

    func bind(_ value: [UInt8], at index: Int32) throws(SQLiteFailure) {
        let code = value.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_zeroblob(handle, index, 0)
            }
            return sqlite3_bind_blob64(handle, index, base, UInt64(bytes.count), Self.copied)
        }
        try require(code)
    }

    func bind(_ value: JobID, at index: Int32) throws(SQLiteFailure) {
        let halves = (value.high.bigEndian, value.low.bigEndian)
        let code = withUnsafeBytes(of: halves) { bytes in
            sqlite3_bind_blob64(
                handle,
                index,
                bytes.baseAddress,
                UInt64(bytes.count),
                Self.copied
            )
        }
        try require(code)
    }

    // MARK: - Running

    /// Runs a statement that returns no rows and makes it ready for the next binding.
    func run() throws(SQLiteFailure) {
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE else {
            let failure = SQLiteFailure(of: handle)
            sqlite3_reset(handle)
            throw failure
        }
        sqlite3_reset(handle)
    }

    /// Steps to the next row; false at the end, where the statement is ready for the next binding.
    func next() throws(SQLiteFailure) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let failure = SQLiteFailure(of: handle)
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Gives up the rows that were not read.
    func reset() {
        sqlite3_reset(handle)
    }

    /// Rows that the last write of this connection changed.
    var changed: Int64 { sqlite3_changes64(sqlite3_db_handle(handle)) }

    // MARK: - Columns of the current row

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func integerOrNil(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// A text in full, with any zero characters within it.
    func text(_ column: Int32) -> String {
        guard let base = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }

    func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let base = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// A universal id; nil where the column does not hold 16 bytes.
    func id(_ column: Int32) -> JobID? {
        guard let base = sqlite3_column_blob(handle, column),
            sqlite3_column_bytes(handle, column) == 16
        else { return nil }
        let bytes = UnsafeRawBufferPointer(start: base, count: 16)
        return JobID(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    private func require(_ code: Int32) throws(SQLiteFailure) {
        guard code == SQLITE_OK else { throw SQLiteFailure(of: handle) }
    }
}
