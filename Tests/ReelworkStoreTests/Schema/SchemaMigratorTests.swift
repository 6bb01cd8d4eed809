// SPDX-License-Identifier: Apache-2.0
// Reelwork: an older file is brought up to date

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import StoreTestKit
import Testing

// Goal: a migration is all or nothing, and a copy of the file as it was is made first.
// Method: a next version that only the test knows, sound and broken.
@Suite struct SchemaMigratorTests {
    /// The newest version of the product.
    static let newest = Schema.migrations.count
    static let sound = SchemaMigration(
        version: newest + 1,
        sql: "ALTER TABLE job ADD COLUMN note TEXT; CREATE TABLE extra (a INTEGER);"
    )
    static let broken = SchemaMigration(
        version: newest + 1,
        sql: "CREATE TABLE extra (a INTEGER); ALTER TABLE nothing ADD COLUMN b TEXT;"
    )

    @Test func anOlderFileIsCopiedAndBroughtUpToDate() throws {
        let folder = DataFolder()
        let store = try folder.open()
        try store.submit(1)
        let identity = try store.identity()
        store.close()
        let newer = try folder.open { $0.migrations = Schema.migrations + [Self.sound] }
        #expect(try newer.counts() == [.queued: 1])
        #expect(try newer.identity() == identity)
        newer.close()
        let copy = folder.path + "/reelwork-schema\(Self.newest).db"
        #expect(try DataFolder.status(copy).mode == 0o600)
        let raw = try RawConnection(copy)
        #expect(try raw.text("PRAGMA user_version") == "\(Self.newest)")
        #expect(try raw.text("SELECT count(*) FROM job") == "1")
        #expect(try raw.text("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == "0")
        // The older program does not open it any more.
        #expect(throws: StoreError.newer(found: Self.newest + 1, known: Self.newest)) {
            try folder.open()
        }
    }

    @Test func aFailedMigrationLeavesTheFileAsItWas() throws {
        let folder = DataFolder()
        let store = try folder.open()
        try store.submit(1)
        store.close()
        for _ in 0..<2 {
            #expect(throws: StoreError.self) {
                try folder.open { $0.migrations = Schema.migrations + [Self.broken] }
            }
        }
        let again = try folder.open()
        #expect(try again.counts() == [.queued: 1])
        again.close()
        let raw = try RawConnection(folder.database)
        #expect(try raw.text("PRAGMA user_version") == "\(Self.newest)")
        #expect(try raw.text("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == "0")
    }

    @Test func aNewFileGetsEveryStepAndNoCopy() throws {
        let folder = DataFolder()
        try folder.open { $0.migrations = Schema.migrations + [Self.sound] }.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["reelwork.db", "reelwork.lock"])
    }

    @Test func versionsCountUpFromOne() {
        #expect(Schema.migrations.map(\.version) == Array(1...Schema.migrations.count))
    }
}
