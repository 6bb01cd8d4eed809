// SPDX-License-Identifier: Apache-2.0
// Reelwork: the store on SQLite

import CSQLiteShim
import GRDB
package import ReelworkCore
import Synchronization

/// The store on SQLite: one connection writes and checkpoints, a few read.
///
/// Invariants:
/// - a commit returns after the disk confirmed it (WAL, `synchronous` FULL, read back at opening);
/// - no other connection checkpoints, and the live file is opened once in a process;
/// - a commit also returns only while the files are where a new start looks for them;
/// - after a failed sync or an unknown outcome nothing more is written, not even at closing.
package final class SQLiteJobStore: JobStore {
    let pool: DatabasePool
    let gauge: WALGauge
    let configuration: SQLiteStoreConfiguration
    private let place: StorePlace
    /// Nil once closed: the lock is held as long as the folder lives.
    private let folder: Mutex<StoreFolder?>
    /// Why nothing may be written any more; nil while all is well.
    private let failure = Mutex<StoreError?>(nil)

    /// Opens or creates the store in a data folder, and holds the folder until it is closed.
    ///
    /// Throws ``StoreError/inUse(_:)`` where another scheduler holds it,
    /// ``StoreError/unusable(_:)`` where it cannot be written, ``StoreError/newer(found:known:)``
    /// and
    /// ``StoreError/corrupt(_:)`` for what its file is.
    package init(
        folder path: String,
        configuration: SQLiteStoreConfiguration = SQLiteStoreConfiguration()
    ) throws(StoreError) {
        let folder = try StoreFolder(path)
        try folder.prepareDatabase()
        let gauge = WALGauge()
        pool = try StoreConnection.open(folder, configuration, gauge)
        place = StorePlace(databasePath: folder.databasePath)
        self.gauge = gauge
        self.configuration = configuration
        self.folder = Mutex(folder)
    }

    /// Who this store is.
    package func identity() throws(StoreError) -> StoreIdentity {
        let version = SQLiteVersion.current
        return try read { database in
            let statement = try BoundStatement(database, "SELECT cluster, epoch FROM meta")
            guard try statement.next(), let cluster = statement.id(0) else {
                throw StoreError.corrupt("the file does not say which store it is")
            }
            defer { statement.reset() }
            return StoreIdentity(
                cluster: cluster,
                epoch: UInt64(clamping: statement.integer(1)),
                engine: "SQLite \(version.name)",
                warning: version.warning
            )
        }
    }

    /// Looks whether the database and its log are still the files at their paths.
    package func verifyPlace() throws(StoreError) {
        do throws(StoreError) {
            try place.verify()
        } catch {
            giveUp(error)
            throw error
        }
    }

    /// Ends all connections, the writer's last, and gives the folder free.
    package func close() {
        // The writer is the last to go, so that it makes SQLite's closing checkpoint.
        pool.invalidateReadOnlyConnections()
        do {
            try pool.close()
        } catch {
            // A reader is still busy: its connection goes with the pool.
        }
        folder.withLock { $0 = nil }
    }

    // MARK: - Access

    /// Reads on a connection of its own, within one snapshot.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try pool.read(body)
        } catch {
            throw StoreError(error, during: .read)
        }
    }

    /// Uses the writer's connection, outside of a transaction.
    func access<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try pool.writeWithoutTransaction(body)
        } catch {
            throw StoreError(error, during: .read)
        }
    }

    /// Writes in one transaction: all of it or nothing.
    func write(_ body: (Database) throws -> Void) throws(StoreError) {
        try requireWritable()
        do {
            try pool.writeWithoutTransaction { database in
                try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
                do {
                    try body(database)
                } catch {
                    try Self.rollBack(database)
                    throw error
                }
                do {
                    try database.cachedStatement(sql: "COMMIT").execute()
                } catch {
                    try Self.rollBack(database)
                    throw StoreError(error, during: .commit)
                }
            }
        } catch {
            let error = StoreError(error, during: .write)
            if case .failed = error { giveUp(error) }
            throw error
        }
    }

    /// Refuses to write after a failure whose outcome is not known.
    func requireWritable() throws(StoreError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// Writes nothing from now on: what was not synced may be lost, and a checkpoint would spread
    /// it.
    func giveUp(_ error: StoreError) {
        failure.withLock { $0 = $0 ?? error }
        pool.unsafeReentrantWrite { database in
            let handle = database.sqliteConnection.map { UnsafeMutableRawPointer($0) }
            _ = reelwork_sqlite_configure(handle, Self.noCheckpointOnClose, 1, nil)
        }
    }

    /// `SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE`.
    private static let noCheckpointOnClose: Int32 = 1006

    /// Undoes the open transaction; SQLite may have done so itself.
    private static func rollBack(_ database: Database) throws {
        guard database.isInsideTransaction else { return }
        do {
            try database.rollback()
        } catch {
            throw StoreError.failed("a rollback failed: \(error)")
        }
    }
}
