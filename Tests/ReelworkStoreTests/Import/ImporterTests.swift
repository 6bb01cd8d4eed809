// SPDX-License-Identifier: Apache-2.0
// Reelwork: whole files of the predecessor come over

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import Testing

// Goal: every job of the predecessor comes over once, the store is sound after it, and a dry run
// leaves no trace. Method: files built by SQL from the predecessor's schema, into a real store.
@Suite(.timeLimit(.minutes(1))) struct ImporterTests {
    /// A file with a job of each kind that the issue names.
    static func fill(_ old: OldDatabase) throws {
        let whole = OldDatabase.history([
            ("pending", "queued"), ("queued", "assigned"), ("assigned", "running"),
            ("running", "completed"),
        ])
        try old.insert([
            "id": "'whole'", "sequence_number": "1", "status": "'completed'",
            "node_id": "'node-1'", "parameters": OldDatabase.parameters("whole"),
            "created_at": "'2026-01-05 09:00:00.5+00:00'",
            "completed_at": "'2026-01-05 10:00:30+00:00'", "logs": "'frame=1'",
            "state_transitions": whole,
        ])
        try old.insert(["id": "'nothing'", "sequence_number": "2"])
        try old.insert([
            "id": "'again'", "sequence_number": "3", "status": "'completed'",
            "parameters": OldDatabase.parameters("again"),
            "state_transitions": OldDatabase.history([
                ("queued", "processing"), ("processing", "completed"),
                ("completed", "processing"), ("processing", "completed"),
            ]),
        ])
        try old.insert([
            "id": "'held'", "sequence_number": "4", "status": "'processing'",
            "node_id": "'deleted'", "parameters": OldDatabase.parameters("held"),
            "started_at": "'2026-01-05 09:00:00'",
        ])
        try old.insert([
            "id": "'broken'", "sequence_number": "5", "status": "'pending'",
            "parameters": "'{broken'", "state_transitions": "'[{]'",
        ])
        try old.insert([
            "id": "'waits'", "sequence_number": "7", "status": "'pending'",
            "parameters": OldDatabase.parameters("waits"),
        ])
    }

    static let changes: [String: [ImportChange]] = [
        "node-1": [.nodeLeft],
        "whole": [],
        "nothing": [.timeReplaced, .placeUnknown, .placeUnknown, .stateUnknown, .bridged],
        "again": [.timeReplaced, .bridged, .stepDropped],
        "held": [.timeReplaced, .bridged, .requeued, .nodeUnknown],
        "broken": [
            .timeReplaced, .jsonUnreadable, .placeUnknown, .placeUnknown, .jsonUnreadable,
            .rejected,
        ],
        "waits": [.renumbered, .timeReplaced],
    ]

    @Test func everyJobComesOverAndEveryChangeIsALine() throws {
        let old = try OldDatabase()
        try Self.fill(old)
        let folder = DataFolder()
        let store = try folder.open()
        let (lines, summary) = try old.imported(into: StoreImportTarget(store))
        for (id, changes) in Self.changes {
            #expect(lines.filter { $0.id == id }.map(\.change) == changes, "\(id)")
        }
        #expect(summary.read == 6 && summary.imported == 6 && summary.total == 6)
        #expect(summary.changed == 5)
        #expect(summary.known == 0 && summary.skipped.isEmpty && summary.nodes == 1)
        #expect(summary.waiting == 2)
        #expect(try store.counts() == [.completed: 2, .failed: 1, .queued: 2, .rejected: 1])
        #expect(try store.load().workers.isEmpty)
        let whole = try #require(try store.job(.key("import:whole")))
        #expect(whole.insert.number == JobNumber(1))
        #expect(whole.insert.created.text == "2026-01-05T09:00:00.500Z")
        #expect(whole.row.worker == "encoder-1")
        #expect(whole.row.machine.attempt == AttemptNumber(1))
        #expect(whole.row.completed?.text == "2026-01-05T10:00:30.000Z")
        #expect(try store.log(JobNumber(1), attempt: .none)?.tail == Array("frame=1".utf8))
        let moves = try store.history(JobNumber(1), after: 0, limit: 9).moves
        #expect(moves.map(\.reason) == (1...4).map { "because \($0)" })
        #expect(moves[0].detail?.contains("sequence_number 1") == true)
        try Self.expectSound(store)
        store.close()
    }

    @Test func theOldNumberIsInTheReport() throws {
        let old = try OldDatabase()
        try Self.fill(old)
        let store = MemoryJobStore()
        let (lines, _) = try old.imported(into: StoreImportTarget(store))
        let line = try #require(lines.first { $0.change == .renumbered })
        #expect(line.numberBefore == "7" && line.number == JobNumber(6))
        #expect(lines.filter { $0.id == "held" }.allSatisfy { $0.numberBefore == "4" })
    }

    @Test func aSecondRunBringsNothingTwice() throws {
        let old = try OldDatabase()
        try Self.fill(old)
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        _ = try old.imported(into: StoreImportTarget(store))
        let before = try store.page(JobQuery()).jobs
        // What came to the old file since is brought, and nothing else.
        try old.insert(["id": "'late'", "sequence_number": "8", "status": "'canceled'"])
        let (lines, summary) = try old.imported(into: StoreImportTarget(store))
        #expect(summary.known == 6 && summary.imported == 1 && summary.read == 7)
        #expect(Set(lines.map(\.id)) == ["node-1", "late"])
        #expect(try store.page(JobQuery(after: JobNumber(7))).jobs == before)
        try Self.expectSound(store)
    }

    @Test func aDryRunGivesTheSameReportAndLeavesNoTrace() throws {
        let old = try OldDatabase()
        try Self.fill(old)
        let stampOld = try OldDatabase.stamp(old.folder)
        let folder = DataFolder()
        let dry = try old.imported(into: DryImportTarget(folder: folder.path))
        #expect(!FileManager.default.fileExists(atPath: folder.path))
        let store = try folder.open()
        let real = try old.imported(into: StoreImportTarget(store))
        store.close()
        #expect(dry.lines == real.lines && dry.summary == real.summary)
        // Where a store is there already, it is looked at and left as it is.
        try old.insert([
            "id": "'late'", "sequence_number": "8", "status": "'pending'",
            "parameters": OldDatabase.parameters("waits"),
        ])
        let stampNew = try OldDatabase.stamp(folder.path)
        let again = try old.imported(into: DryImportTarget(folder: folder.path))
        #expect(try OldDatabase.stamp(folder.path) == stampNew)
        #expect(again.summary.known == 6 && again.summary.imported == 1)
        let rejected = try #require(again.lines.first { $0.change == .rejected })
        #expect(rejected.number == JobNumber(7))
        #expect(rejected.detail.contains("job #6 writes the same output"))
        let later = try folder.open()
        defer { later.close() }
        #expect(try old.imported(into: StoreImportTarget(later)).lines == again.lines)
        #expect(try OldDatabase.stamp(old.folder).count == stampOld.count)
    }

    @Test func theOldFileIsNeverChanged() throws {
        let old = try OldDatabase()
        try Self.fill(old)
        try old.run("PRAGMA journal_mode = WAL")
        let before = try OldDatabase.stamp(old.folder)
        let store = MemoryJobStore()
        _ = try old.imported(into: StoreImportTarget(store))
        #expect(try OldDatabase.stamp(old.folder) == before)
    }

    @Test func aDataFolderInUseIsRefusedByBoth() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        #expect {
            _ = try DryImportTarget(folder: folder.path)
        } throws: { error in
            guard case .store(.inUse(let text))? = error as? ImportError else { return false }
            return text.contains("process \(getpid())") && text.contains("stop it first")
        }
        #expect(throws: StoreError.self) { try folder.open() }
    }

    @Test func aDryRunRefusesWhatARealOneWould() throws {
        let folder = DataFolder()
        try folder.open().close()
        try folder.plant("PRAGMA user_version = 99")
        #expect(throws: ImportError.store(.newer(found: 99, known: Schema.migrations.count))) {
            _ = try DryImportTarget(folder: folder.path)
        }
    }

    @Test func idsThatStandThereTwiceComeOnce() throws {
        let old = try OldDatabase(idColumn: "id TEXT")
        for number in 1...3 {
            try old.insert([
                "id": number == 3 ? "NULL" : "'twin'", "sequence_number": "5",
                "status": "'canceled'",
            ])
        }
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        let (lines, summary) = try old.imported(into: StoreImportTarget(store))
        #expect(summary.imported == 2 && summary.skipped == ["its id stands there twice": 1])
        #expect(lines.filter { $0.change == .skipped }.map(\.id) == ["twin"])
        #expect(try store.job(.key("import:row-3")) != nil)
        #expect(try old.imported(into: StoreImportTarget(store)).summary.known == 2)
        try Self.expectSound(store)
    }

    @Test func jobsComeInTheOrderOfTheirOldNumbers() throws {
        let old = try OldDatabase()
        for number in [30, 10, 20] {
            try old.insert([
                "id": "'z\(100 - number)'", "sequence_number": "\(number)",
                "status": "'canceled'",
            ])
        }
        try old.insert(["id": "'a'", "status": "'canceled'"])
        let store = MemoryJobStore()
        _ = try old.imported(into: StoreImportTarget(store))
        let jobs = try store.page(JobQuery(isOldestFirst: true)).jobs
        #expect(jobs.map(\.insert.key) == ["z90", "z80", "z70", "a"].map { "import:" + $0 })
    }

    @Test func anErrorOfTheStoreEndsItAndASecondRunGoesOn() throws {
        let old = try OldDatabase()
        try Self.fill(old)
        let store = MemoryJobStore()
        store.setFault(.full("no room"))
        #expect(throws: ImportError.store(.full("no room"))) {
            _ = try old.imported(into: StoreImportTarget(store))
        }
        store.setFault(nil)
        #expect(try old.imported(into: StoreImportTarget(store)).summary.imported == 6)
    }

    // A hundred thousand are imported by the program itself, in the tests of its commands.
    @Test func rowsOfSeveralBatchesComeOver() throws {
        let old = try OldDatabase()
        let count = 2 * Limits.importBatchJobs + 500
        try old.run(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            INSERT INTO jobs (id, sequence_number, status, created_at, parameters)
            SELECT 'job-' || i, i, 'pending', '2026-01-05 09:00:00+00:00',
                replace(\(OldDatabase.parameters("x")), 'x', i) FROM n
            """
        )
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        var told: [UInt64] = []
        var importer = Importer(
            file: try PredecessorFile(old.path),
            target: try StoreImportTarget(store),
            rules: OldDatabase.rules,
            now: OldDatabase.now,
            report: { _ in },
            progress: { told.append($0.imported) }
        )
        let summary = try importer.run()
        #expect(summary.imported == UInt64(count) && summary.changed == 0)
        #expect(told == [1_000, 2_000, 2_500])
        #expect(try store.counts() == [.queued: UInt64(count)])
        try Self.expectSound(store)
    }

    static func expectSound(_ store: SQLiteJobStore) throws {
        for finding in try store.check(isDeep: true) {
            #expect(finding.isSound, "\(finding)")
        }
    }
}
