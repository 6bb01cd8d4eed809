// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an SQLite result code means to a scheduler

import GRDB
import GRDBSQLite
import ReelworkCore

extension StoreError {
    /// Turns any error of this room into one of the port; the one place where codes are judged.
    init(_ error: any Error, during phase: StorePhase) {
        switch error {
        case let error as StoreError: self = error
        case let error as SQLiteFailure:
            self.init(code: error.code, message: error.message, during: phase)
        case let error as DatabaseError:
            self.init(
                code: error.extendedResultCode.rawValue,
                message: error.message ?? "no text",
                during: phase
            )
        default: self = .failed(String(describing: error))
        }
    }

    /// Judges an SQLite result code (https://www.sqlite.org/rescode.html).
    init(code: Int32, message: String, during phase: StorePhase) {
        let text = "\(message) (SQLite \(code))"
        switch code & 0xFF {
        case SQLITE_FULL: self = .full(text)
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: self = .corrupt(text)
        case _ where phase == .commit: self = .failed("the outcome of a commit is unknown: \(text)")
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .locked(text)
        case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE: self = .refused(text)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
            self =
                phase == .open
                ? .unusable("the database cannot be opened for writing: \(text); check its owner")
                : .failed(text)
        case SQLITE_MISUSE where phase == .read: self = .unusable("the store is closed: \(text)")
        default: self = .failed(text)
        }
    }
}
