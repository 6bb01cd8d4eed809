// SPDX-License-Identifier: Apache-2.0
// Reelwork: which files are the predecessor's

import Foundation
import ReelworkCore
import ReelworkStore
import StoreTestKit
import Testing

// Goal: a file that is not the predecessor's is refused with what to do; older files and files with
// a log that was not merged are read whole; nothing is ever written.
// Method: files as people leave them.
@Suite(.timeLimit(.minutes(1))) struct PredecessorFileTests {
    private static func expectRefused(_ path: String, _ words: String...) {
        #expect {
            _ = try PredecessorFile(path)
        } throws: { error in
            guard let error = error as? ImportError else { return false }
            return words.allSatisfy { error.explanation.contains($0) }
        }
    }

    @Test func aFileThatIsNotThereOrNoDatabaseIsRefused() throws {
        let old = try OldDatabase()
        #expect {
            _ = try PredecessorFile(old.folder + "/none.db")
        } throws: { error in
            guard case .missing? = error as? ImportError else { return false }
            return true
        }
        Self.expectRefused(old.folder, "is no file", "name the database of the old scheduler")
        let text = old.folder + "/film.mp4"
        for count in [0, 5, 5_000] {
            try Data(repeating: 0x41, count: count).write(to: URL(fileURLWithPath: text))
            Self.expectRefused(text, "no SQLite database", "name the database")
        }
    }

    @Test func ourOwnFileIsRefused() throws {
        let folder = DataFolder()
        try folder.open().close()
        Self.expectRefused(folder.database, "a database of Reelwork already", "reelwork serve")
    }

    @Test func anotherProgramsDatabaseIsRefused() throws {
        let folder = DataFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        try folder.plant("CREATE TABLE bookmark (url TEXT)")
        Self.expectRefused(folder.database, "neither a table jobs nor nodes")
        try folder.plant("CREATE TABLE nodes (id TEXT)")
        Self.expectRefused(folder.database, "no table jobs")
        try folder.plant("CREATE TABLE jobs (number INTEGER, status TEXT)")
        Self.expectRefused(folder.database, "has no column id")
    }

    @Test func aDamagedFileIsToldAsItIs() throws {
        let old = try OldDatabase()
        for number in 0..<2_000 { try old.insert(["id": "'job-\(number)'"]) }
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: old.path))
        try handle.seek(toOffset: 4_096 * 6)
        try handle.write(contentsOf: Data(repeating: 0xFF, count: 4_096 * 8))
        try handle.close()
        #expect {
            let file = try PredecessorFile(old.path)
            try file.forEachJob { _ in }
        } throws: { error in
            guard case .source(let text)? = error as? ImportError else { return false }
            return text.contains("cannot be read") && text.contains(".recover")
        }
    }

    @Test(arguments: 0...14) func olderFilesLackTheLastColumns(_ lacking: Int) throws {
        let old = try OldDatabase(lacking: lacking)
        try old.insert(["id": "'a'", "status": "'pending'"])
        var jobs: [PredecessorJob] = []
        try PredecessorFile(old.path).forEachJob { jobs.append($0) }
        #expect(jobs.count == 1 && jobs[0].id == "a" && jobs[0].stateTransitions == nil)
        #expect(jobs[0].log.isEmpty)
    }

    @Test func aLogThatWasNotMergedIsReadToo() throws {
        let old = try OldDatabase()
        let path = old.path
        // The old scheduler was killed: its last commits are in its write-ahead log alone.
        try old.run("PRAGMA journal_mode = WAL")
        let killed = old.folder + "/killed.db"
        do {
            let raw = try RawConnection(path)
            try raw.run("PRAGMA wal_autocheckpoint = 0; INSERT INTO jobs (id) VALUES ('late')")
            for end in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + end, toPath: killed + end)
            }
        }
        let before = try OldDatabase.stamp(old.folder)
        var ids: [String?] = []
        let file = try PredecessorFile(killed)
        try file.forEachJob { ids.append($0.id) }
        #expect(ids == ["late"] && file.isUnchanged)
        #expect(try OldDatabase.stamp(old.folder) == before)
    }

    @Test func aFileThatAnotherProcessHasOpenIsRefused() async throws {
        let old = try OldDatabase()
        try old.run("PRAGMA journal_mode = WAL")
        let path = old.path
        let raw = try RawConnection(path)
        _ = try raw.text("SELECT count(*) FROM jobs")
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            do {
                _ = try PredecessorFile(path)
            } catch {
                guard case .source(let text)? = error as? ImportError,
                    text.contains("another program"), text.contains("stop it first")
                else { exit(4) }
                exit(3)
            }
        }
        try raw.run("SELECT 1")
    }

    @Test func aFileThatChangesWhileItIsReadIsTold() throws {
        let old = try OldDatabase()
        let file = try PredecessorFile(old.path)
        #expect(file.isUnchanged)
        try old.insert(["id": "'new'"])
        #expect(!file.isUnchanged)
    }
}
