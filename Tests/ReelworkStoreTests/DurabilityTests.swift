// SPDX-License-Identifier: Apache-2.0
// Reelwork: what was answered stays

import Foundation
import GRDB
import ReelworkCore
import ReelworkTestKit
import StoreTestKit
import Testing

@testable import ReelworkStore

// Goal: a commit is synced before it returns, and a process that ends at any moment loses none.
// Method: the writer's own pragma is read; a child process applies batches and kills itself.
@Suite(.timeLimit(.minutes(1))) struct DurabilityTests {
    // Lesson 21: synchronous=NORMAL loses the last commits when the power fails.
    @Test func theWriterSyncsEveryCommit() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        try store.submit(1)
        let findings = try store.check(isDeep: false)
        let synchronous = try #require(findings.first { $0.name == "synchronous" })
        #expect(synchronous.detail == "2")
        #expect(synchronous.isSound)
        let mode = try #require(findings.first { $0.name == "journal_mode" })
        #expect(mode.detail == "wal")
    }

    // Shows that the test above can fail: what the pool does by itself is not enough.
    @Test func thePoolAloneLowersIt() throws {
        let folder = DataFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        let pool = try DatabasePool(path: folder.path + "/plain.db")
        let value = try pool.writeWithoutTransaction { database in
            try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        #expect(value == 1)
        try pool.close()
    }

    @Test func aKilledProcessLosesNoCommit() async throws {
        let folder = DataFolder()
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try DataFolder.open(path)
            var lives: [JobLife] = []
            for number: UInt64 in 1...20 { lives.append(try store.submit(number)) }
            for index in lives.indices {
                try store.write { try lives[index].complete(into: &$0) }
                if index == 9 { try store.checkpoint(isFinal: false) }
            }
            kill(getpid(), SIGKILL)
        }
        let store = try folder.open()
        defer { store.close() }
        #expect(try store.counts() == [.completed: 20])
        #expect(try store.load().nextNumber == JobNumber(21))
        #expect(try store.check(isDeep: true).allSatisfy { $0.isSound })
    }

    @Test func aKilledTransactionLeavesNothing() async throws {
        let folder = DataFolder()
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try DataFolder.open(path).submit(1)
            let raw = try RawConnection(path + "/reelwork.db")
            try raw.run("BEGIN IMMEDIATE; UPDATE job_state SET rank = 12345")
            kill(getpid(), SIGKILL)
        }
        let store = try folder.open()
        defer { store.close() }
        #expect(try store.job(.number(JobNumber(1)))?.row == JobLife(1).row)
    }

    @Test func nothingIsWrittenAfterAFailedSync() throws {
        let folder = DataFolder()
        let store = try folder.open()
        try store.submit(1)
        store.giveUp(.failed("sync"))
        #expect(throws: StoreError.failed("sync")) { try store.submit(2) }
        #expect(throws: StoreError.failed("sync")) { try store.checkpoint(isFinal: true) }
        #expect(try store.counts() == [.queued: 1])
        store.close()
        // Not even the checkpoint at closing: the log is as long as it was.
        #expect(try DataFolder.status(folder.database + "-wal").size > 0)
        let again = try folder.open()
        defer { again.close() }
        #expect(try again.counts() == [.queued: 1])
    }

    // Many moves go in with one statement: a conflict in the middle of it undoes the whole batch.
    @Test func aConflictAmongManyMovesUndoesTheBatch() throws {
        let folder = DataFolder()
        let store = try folder.open()
        for number: UInt64 in 1...40 { try store.submit(number) }
        store.close()
        try folder.plant(
            "INSERT INTO move VALUES (20, 2, 1, 2, 0, '', 1, '', '', NULL, NULL)"
        )
        let again = try folder.open()
        defer { again.close() }
        var lives = try again.load().jobs.map { JobLife($0.insert.number.rawValue) }
        #expect {
            try again.write { batch in
                for index in lives.indices { try lives[index].handle(.assigned, into: &batch) }
            }
        } throws: { error in
            guard case .refused? = error as? StoreError else { return false }
            return true
        }
        #expect(try again.counts() == [.queued: 40])
        #expect(try again.history(JobNumber(1), after: 0, limit: 9).moves.count == 1)
        try again.submit(41)
        #expect(try again.counts() == [.queued: 41])
    }

    @Test func theConnectionsAreHardened() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        try store.pool.writeWithoutTransaction { database in
            let wanted = [
                "trusted_schema": "0", "cell_size_check": "1", "secure_delete": "0",
                "wal_autocheckpoint": "0", "temp_store": "2", "cache_size": "-65536",
                "journal_size_limit": "67108864", "page_size": "4096",
            ]
            for (name, value) in wanted.sorted(by: { $0.key < $1.key }) {
                let found = try StoreConnection.pragma(name, database)
                #expect(found == value, "\(name)")
            }
            // Defensive mode: the schema's own table cannot be written.
            try database.execute(sql: "PRAGMA writable_schema = ON")
            #expect(throws: DatabaseError.self) {
                try database.execute(sql: "DELETE FROM sqlite_schema")
            }
        }
        try store.pool.read { database in
            let automatic = try StoreConnection.pragma("wal_autocheckpoint", database)
            #expect(automatic == "0")
            #expect(throws: DatabaseError.self) {
                try database.execute(sql: "DELETE FROM job")
            }
        }
    }

    @Test func theLogIsBoundedByCheckpoints() throws {
        let folder = DataFolder()
        let bytes = 256 << 10
        let store = try folder.open { $0.walBytesCheckpoint = bytes }
        defer { store.close() }
        var largest = 0
        for number: UInt64 in 1...200 {
            try store.submit(number, spec: [UInt8](repeating: 7, count: 8_192))
            try store.checkpoint(isFinal: false)
            largest = max(largest, try DataFolder.status(folder.database + "-wal").size)
        }
        #expect(largest < 2 * bytes)
        #expect(largest > bytes / 2)
        try store.checkpoint(isFinal: true)
        #expect(try DataFolder.status(folder.database + "-wal").size == 0)
        #expect(try store.counts() == [.queued: 200])
    }

    @Test func withoutCheckpointsTheLogGrows() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        let size = try DataFolder.status(folder.database).size
        for number: UInt64 in 1...200 {
            try store.submit(number, spec: [UInt8](repeating: 7, count: 8_192))
        }
        // No connection checkpoints by itself, as SQLite would after 1,000 pages (4 MiB).
        let pages = try #require(
            try? DataFolder.status(folder.database + "-wal").size / 4_096
        )
        #expect(pages > 1_000)
        #expect(try DataFolder.status(folder.database).size == size)
    }

    @Test func aClosedStoreLeavesOneWholeFile() throws {
        let folder = DataFolder()
        let store = try folder.open()
        try store.submit(1)
        store.close()
        #expect(!FileManager.default.fileExists(atPath: folder.database + "-wal"))
        #expect(try RawConnection(folder.database).text("SELECT count(*) FROM job") == "1")
        #expect(throws: StoreError.self) { try store.load() }
        #expect(throws: StoreError.self) { try store.submit(2) }
    }
}
