// SPDX-License-Identifier: Apache-2.0
// Reelwork: an import that changes nothing

import Foundation
import GRDB
package import ReelworkCore

/// An import that changes nothing: it looks at the data folder that would be imported into, where
/// there is one, without leaving a trace.
///
/// What would be refused is refused: a scheduler that uses the folder, a database that is not ours
/// or is newer.
package final class DryImportTarget: ImportTarget {
    /// The number that the next job gets.
    package let numberNext: JobNumber
    /// Specs of the jobs that live there already, with their numbers.
    package let live: [(number: JobNumber, spec: [UInt8])]
    private let database: UntouchedDatabase?
    private let lock: Int32?

    /// Looks at a data folder, which may be missing.
    package init(folder path: String) throws(ImportError) {
        let lock = try StoreFolder.glance(path)
        var database: UntouchedDatabase?
        var found = (numberLast: Int64(0), live: [(number: JobNumber, spec: [UInt8])]())
        do throws(ImportError) {
            let file = path + "/reelwork.db"
            var status = stat()
            if stat(file, &status) == 0, status.st_size > 0 {
                let opened = try UntouchedDatabase(file, advice: "name another folder with --data")
                found = try opened.read { try DryImportTarget.contents($0) }
                database = opened
            }
        } catch {
            if let lock { StoreFolder.release(lock) }
            throw error
        }
        self.lock = lock
        self.database = database
        numberNext = JobNumber(UInt64(clamping: found.numberLast) + 1)
        live = found.live
    }

    deinit {
        if let lock { StoreFolder.release(lock) }
    }

    private static func contents(
        _ database: Database
    ) throws -> (numberLast: Int64, live: [(number: JobNumber, spec: [UInt8])]) {
        do {
            try SchemaMigrator.requireOurs(database, Schema.migrations)
            guard try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0 > 0 else {
                return (0, [])
            }
            let statement = try BoundStatement(
                database,
                """
                SELECT j.number, j.spec FROM job_state s CROSS JOIN job j ON j.number = s.number
                WHERE s.state < 4 OR s.state = 7 ORDER BY j.number
                """
            )
            var live: [(number: JobNumber, spec: [UInt8])] = []
            while try statement.next() {
                live.append(
                    (JobNumber(UInt64(clamping: statement.integer(0))), statement.bytes(1))
                )
            }
            return (try SQLiteJobStore.numberLast(database), live)
        } catch {
            throw ImportError.store(StoreError(error, during: .read))
        }
    }

    /// Looks up idempotency keys, an answer per key, in order.
    package func find(_ keys: [String]) throws(StoreError) -> [JobNumber?] {
        guard let database else { return keys.map { _ in nil } }
        do throws(ImportError) {
            return try database.read { database in
                let statement = try BoundStatement(
                    database,
                    "SELECT number FROM job WHERE key = ?"
                )
                return try keys.map { key in
                    try statement.bind(key, at: 1)
                    guard try statement.next() else { return nil }
                    defer { statement.reset() }
                    return JobNumber(UInt64(clamping: statement.integer(0)))
                }
            }
        } catch {
            throw .corrupt(error.explanation)
        }
    }

    /// Proves that a batch keeps the rules.
    package func apply(_ batch: StoreBatch) throws(StoreError) { _ = try batch.changes() }
}
