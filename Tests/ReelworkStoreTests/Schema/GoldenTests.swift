// SPDX-License-Identifier: Apache-2.0
// Reelwork: files of earlier versions open

import Foundation
import ReelworkCore
import ReelworkStore
import StoreTestKit
import Testing

// Goal: a file that an earlier program wrote opens in this one, with every row as it was.
// Method: the frozen file of version 1; its rows are compared in the columns that it had.
@Suite(.timeLimit(.minutes(1))) struct GoldenTests {
    /// Plants the frozen file into a new data folder; what its rows are.
    static func plant(in folder: DataFolder) throws -> (dump: TableDump, rows: [String: String]) {
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        try folder.plant(GoldenVersion1.schema + "BEGIN;" + GoldenVersion1.rows + "COMMIT;")
        let raw = try RawConnection(folder.database)
        let dump = try TableDump(of: raw)
        return (dump, try dump.rows(raw))
    }

    @Test func aFileOfVersion1OpensWithEveryRow() throws {
        let folder = DataFolder()
        let (dump, rows) = try Self.plant(in: folder)
        #expect(rows.count == 9)
        #expect(rows["job"]?.hasPrefix("11 rows") == true)
        let store = try folder.open()
        let states: [JobState: UInt64] = [
            .queued: 1, .assigned: 1, .running: 2, .completed: 2, .failed: 2, .retrying: 1,
            .canceled: 1, .rejected: 1,
        ]
        #expect(try store.counts() == states)
        let snapshot = try store.load()
        #expect(snapshot.nextNumber == JobNumber(13))
        #expect(snapshot.workers.map(\.registration.name) == ["encoder-2", "w1"])
        for finding in try store.check(isDeep: true) { #expect(finding.isSound, "\(finding)") }
        store.close()
        let raw = try RawConnection(folder.database)
        #expect(try dump.rows(raw) == rows)
        #expect(try raw.text("PRAGMA user_version") == "\(Schema.migrations.count)")
    }
}
