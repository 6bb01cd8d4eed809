// SPDX-License-Identifier: Apache-2.0
// Reelwork: a migration is killed at every step

import Foundation
import ReelworkCore
import StoreTestKit
import Testing

@testable import ReelworkStore

// Goal: a process that ends anywhere in a migration leaves the old file or the new one, and the
// next start ends with the new one, every row in it, a whole copy of the old one and no part.
// Method: a child process brings the frozen file to a next version that only the test knows, and
// kills itself in each moment.
@Suite(.timeLimit(.minutes(2))) struct MigrationKillTests {
    static let newest = Schema.migrations.count
    static let next = SchemaMigration(
        version: newest + 1,
        sql: """
            ALTER TABLE job ADD COLUMN note TEXT;
            CREATE TABLE extra (a INTEGER) STRICT;
            UPDATE job SET note = 'n' || number;
            INSERT INTO extra SELECT number FROM job;
            """
    )
    static let moments: [MigrationMoment] =
        [.begun, .partMade, .partWritten, .copied] + (0...4).map { .ran($0) }
        + [.written, .committed]

    @Test(arguments: moments.indices) func theNextStartEndsIt(_ index: Int) async throws {
        let folder = DataFolder()
        _ = try GoldenTests.plant(in: folder)
        // At the product's newest version, however many there are.
        try folder.open().close()
        for name in try Self.names(folder) where name.hasPrefix("reelwork-schema") {
            unlink(folder.path + "/" + name)
        }
        let (dump, rows) = try Self.rows(folder)
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, index = index as Int] in
            let store = try DataFolder.open(path) { configuration in
                configuration.migrations = Schema.migrations + [MigrationKillTests.next]
                configuration.migrationWatch = { moment in
                    if moment == MigrationKillTests.moments[index] { kill(getpid(), SIGKILL) }
                }
            }
            store.close()
        }
        let moment = Self.moments[index]
        let hasPart = try Self.names(folder).contains { $0.contains(".part-") }
        #expect(hasPart == (moment == .partMade || moment == .partWritten))
        // All of it or nothing.
        let version = Self.newest + (moment == .committed ? 1 : 0)
        let raw = try RawConnection(folder.database)
        #expect(try raw.text("PRAGMA user_version") == "\(version)")
        #expect(try dump.rows(raw) == rows)
        try await Self.expectEnd(folder, dump, rows)
    }

    // The older program still opens what a killed migration left, and sweeps its part too.
    @Test func theOlderProgramGoesOnAfterAKilledMigration() async throws {
        let folder = DataFolder()
        _ = try GoldenTests.plant(in: folder)
        try folder.open().close()
        let part = folder.path + "/reelwork-schema\(Self.newest).db.part-77"
        for name in [part, part + "-journal"] {
            try Data([1]).write(to: URL(fileURLWithPath: name))
        }
        let store = try folder.open()
        defer { store.close() }
        #expect(try !Self.names(folder).contains { $0.contains(".part-") })
        #expect(try store.counts().values.reduce(0, +) == 11)
    }

    /// The next start: complete, sound, with a whole copy and no part.
    private static func expectEnd(
        _ folder: DataFolder,
        _ dump: TableDump,
        _ rows: [String: String]
    ) async throws {
        let store = try folder.open { $0.migrations = Schema.migrations + [next] }
        for finding in try store.check(isDeep: true) { #expect(finding.isSound, "\(finding)") }
        store.close()
        #expect(try !names(folder).contains { $0.contains(".part-") })
        let raw = try RawConnection(folder.database)
        #expect(try raw.text("PRAGMA user_version") == "\(newest + 1)")
        #expect(try dump.rows(raw) == rows)
        #expect(try raw.text("SELECT count(*) FROM job WHERE note = 'n' || number") == "11")
        #expect(try raw.text("SELECT count(*) FROM extra") == "11")
        let copy = try RawConnection(folder.path + "/reelwork-schema\(newest).db")
        #expect(try copy.text("PRAGMA user_version") == "\(newest)")
        #expect(try copy.text("PRAGMA integrity_check") == "ok")
        #expect(try dump.rows(copy) == rows)
    }

    private static func rows(
        _ folder: DataFolder
    ) throws -> (dump: TableDump, rows: [String: String]) {
        let raw = try RawConnection(folder.database)
        let dump = try TableDump(of: raw)
        return (dump, try dump.rows(raw))
    }

    private static func names(_ folder: DataFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }
}
