// SPDX-License-Identifier: Apache-2.0
// Reelwork: the connections and their switches

import CSQLiteShim
import GRDB
import GRDBSQLite
import ReelworkCore

/// Opens the connections and sets their switches (storage.md, section 2).
enum StoreConnection {
    /// Opens the pool, proves that it is as durable as promised and brings the schema up to date.
    static func open(
        _ folder: StoreFolder,
        _ configuration: SQLiteStoreConfiguration,
        _ gauge: WALGauge
    ) throws(StoreError) -> DatabasePool {
        do {
            let pool = try DatabasePool(
                path: folder.databasePath,
                configuration: settings(configuration)
            )
            try pool.writeWithoutTransaction { database in
                try prepareWriter(database, configuration)
                gauge.watch(database)
                try SchemaMigrator(
                    folder: folder,
                    migrations: configuration.migrations,
                    watch: configuration.migrationWatch
                ).migrate(database)
            }
            return pool
        } catch {
            throw StoreError(error, during: .open)
        }
    }

    private static func settings(_ configuration: SQLiteStoreConfiguration) -> Configuration {
        var settings = Configuration()
        settings.label = "reelwork.store"
        settings.maximumReaderCount = configuration.readersMax
        settings.persistentReadOnlyConnections = true
        settings.foreignKeysEnabled = configuration.isCheckingReferences
        settings.busyMode = .timeout(configuration.lockWait.seconds)
        let migrations = configuration.migrations
        let pagesCache = configuration.cacheBytes / 1024
        settings.prepareDatabase { database in
            try harden(database)
            try database.execute(
                sql: """
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA cell_size_check = ON;
                    PRAGMA mmap_size = 0;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -\(pagesCache);
                    """
            )
            // Before the pool changes the file's journal mode: a file that is not ours stays as it
            // is.
            if !database.configuration.readonly {
                try SchemaMigrator.requireOurs(database, migrations)
            }
        }
        return settings
    }

    private static func harden(_ database: Database) throws {
        let handle = database.sqliteConnection.map { UnsafeMutableRawPointer($0) }
        let code = reelwork_sqlite_harden(handle)
        guard code == SQLITE_OK else {
            throw SQLiteFailure(code: code, message: "the connection cannot be hardened")
        }
    }

    /// GRDB's pool lowers `synchronous` to NORMAL while it opens, so it is set after that, and read
    /// back: without FULL an answered commit may be lost with the power.
    private static func prepareWriter(
        _ database: Database,
        _ configuration: SQLiteStoreConfiguration
    ) throws {
        try database.execute(
            sql: """
                PRAGMA synchronous = FULL;
                PRAGMA secure_delete = OFF;
                PRAGMA journal_size_limit = \(Limits.walBytesKept);
                """
        )
        if let pagesMax = configuration.pagesMax {
            try database.execute(sql: "PRAGMA max_page_count = \(pagesMax)")
        }
        let synchronous = try pragma("synchronous", database)
        guard synchronous == "2" else {
            throw StoreError.unusable(
                "the database does not sync its commits (synchronous is \(synchronous), not 2)"
            )
        }
        let mode = try pragma("journal_mode", database)
        guard mode == "wal" else {
            throw StoreError.unusable(
                "the database cannot keep a write-ahead log (journal mode is \(mode))"
            )
        }
    }

    /// Reads a pragma's value as text.
    static func pragma(_ name: String, _ database: Database) throws -> String {
        try String.fetchOne(database, sql: "PRAGMA \(name)") ?? ""
    }
}
