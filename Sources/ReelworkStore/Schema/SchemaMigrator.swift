// SPDX-License-Identifier: Apache-2.0
// Reelwork: brings a file's schema up to date

import Foundation
import GRDB
import ReelworkCore

/// Brings a file's schema up to date, all steps in one transaction, with a copy of the file first.
struct SchemaMigrator {
    let folder: StoreFolder
    let migrations: [SchemaMigration]
    /// Hears of each moment of a migration; tests end the process in it.
    var watch: ((MigrationMoment) -> Void)?

    /// The version that this program writes.
    private var known: Int { migrations.last?.version ?? 0 }

    /// Refuses a file that another program or a newer version of this one has made.
    static func requireOurs(_ database: Database, _ migrations: [SchemaMigration]) throws {
        let application = try integer("PRAGMA application_id", database)
        let version = Int(try integer("PRAGMA user_version", database))
        let tables = try integer("SELECT count(*) FROM sqlite_schema", database)
        if application == 0, version == 0, tables == 0 { return }
        guard application == Schema.applicationID, version > 0 else {
            throw StoreError.corrupt("the file is an SQLite database, but not of Reelwork")
        }
        let known = migrations.last?.version ?? 0
        guard version <= known else { throw StoreError.newer(found: version, known: known) }
    }

    /// Runs the steps that the file lacks.
    func migrate(_ database: Database) throws {
        let found = Int(try SchemaMigrator.integer("PRAGMA user_version", database))
        guard found < known else { return }
        watch?(.begun)
        if found > 0 { try keepCopy(database, version: found) }
        try database.execute(sql: "BEGIN IMMEDIATE")
        do {
            var count = 0
            watch?(.ran(count))
            for migration in migrations where migration.version > found {
                let statements = try database.allStatements(sql: migration.sql)
                while let statement = try statements.next() {
                    try statement.execute()
                    count += 1
                    watch?(.ran(count))
                }
            }
            try database.execute(
                sql: """
                    PRAGMA application_id = \(Schema.applicationID);
                    PRAGMA user_version = \(known);
                    """
            )
            if found == 0 { try insertIdentity(database) }
            watch?(.written)
            try database.execute(sql: "COMMIT")
            watch?(.committed)
        } catch {
            if database.isInsideTransaction { try database.rollback() }
            throw error
        }
    }

    /// The copy's name: `reelwork-schema1.db` for a file that had version 1.
    private func keepCopy(_ database: Database, version: Int) throws {
        let path = folder.path + "/\(StoreBackup.copyPrefix)\(version).db"
        // A copy that an interrupted migration left is made again: the file has not changed since.
        unlink(path)
        _ = try StoreBackup.write(to: path, from: database, watch: watch)
        watch?(.copied)
    }

    private func insertIdentity(_ database: Database) throws {
        var random = SystemRandomNumberGenerator()
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let statement = try BoundStatement(
            database,
            "INSERT INTO meta (id, cluster, epoch, created, number_last) VALUES (1, ?, 1, ?, 0)"
        )
        try statement.bind(JobID(at: now, random: (random.next(), random.next())), at: 1)
        try statement.bind(now.milliseconds, at: 2)
        try statement.run()
    }

    private static func integer(_ sql: String, _ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: sql) ?? 0
    }
}
