// SPDX-License-Identifier: Apache-2.0
// Reelwork: what may be opened and what is refused

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import Testing

// Goal: one scheduler a data folder, private to its owner; every other file is refused, unchanged,
// with words that say what to do.
// Method: files and folders as people leave them.
@Suite(.timeLimit(.minutes(1))) struct OpeningTests {
    @Test func aSecondOpenerIsRefusedByName() throws {
        let folder = DataFolder()
        let store = try folder.open()
        #expect {
            try folder.open()
        } throws: { error in
            guard case .inUse(let text)? = error as? StoreError else { return false }
            return text.contains("process \(getpid())") && text.contains(folder.path)
        }
        // The first one has not lost its lock over it, and gives it up when it closes.
        #expect(throws: StoreError.self) { try folder.open() }
        try store.submit(1)
        store.close()
        try folder.open().close()
    }

    @Test func aSecondProcessIsRefused() async throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        let path = folder.path
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            do {
                try DataFolder.open(path).close()
            } catch {
                guard case .inUse? = error as? StoreError else { exit(4) }
                exit(3)
            }
        }
    }

    // Security checklist 14: whoever may not read the folder cannot change the database.
    @Test func folderAndFilesArePrivate() throws {
        let folder = DataFolder()
        let store = try folder.open()
        try store.submit(1)
        #expect(try DataFolder.status(folder.path).mode == 0o700)
        for name in ["reelwork.db", "reelwork.db-wal", "reelwork.db-shm", "reelwork.lock"] {
            #expect(try DataFolder.status(folder.path + "/" + name).mode == 0o600)
        }
        store.close()
        // What became open to others is shut again.
        for name in ["", "/reelwork.db"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: folder.path + name
            )
        }
        try folder.open().close()
        #expect(try DataFolder.status(folder.path).mode == 0o700)
        #expect(try DataFolder.status(folder.database).mode == 0o600)
    }

    @Test func aFolderWithOtherFilesIsNotShut() throws {
        let folder = DataFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/film.mp4"))
        #expect {
            try folder.open()
        } throws: { error in
            guard case .unusable(let text)? = error as? StoreError else { return false }
            return text.contains("--data") && text.contains("chmod 700")
        }
        #expect(try DataFolder.status(folder.path).mode == 0o755)
    }

    @Test func aFolderThatCannotBeWrittenIsRefused() async throws {
        let folder = DataFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        let nobody: UInt32 = 65_534
        if geteuid() == 0 { #expect(chown(folder.path, nobody, nobody) == 0) }
        #expect(chmod(folder.path, 0o500) == 0)
        let path = folder.path
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            // The superuser may write everywhere: the child becomes someone who may not.
            if geteuid() == 0, setgid(65_534) != 0 || setuid(65_534) != 0 { exit(5) }
            do {
                try DataFolder.open(path).close()
            } catch {
                guard case .unusable(let text)? = error as? StoreError,
                    text.contains("no permission"),
                    text.contains("--data")
                else { exit(4) }
                exit(3)
            }
        }
        chmod(folder.path, 0o700)
    }

    @Test func aFileInPlaceOfTheFolderIsRefused() throws {
        let folder = DataFolder()
        try Data([1]).write(to: URL(fileURLWithPath: folder.path))
        #expect {
            try folder.open()
        } throws: { error in
            guard case .unusable? = error as? StoreError else { return false }
            return true
        }
    }

    @Test func aNewerSchemaIsRefused() throws {
        let folder = DataFolder()
        try folder.open().close()
        try folder.plant("PRAGMA user_version = 99")
        let newest = Schema.migrations.count
        #expect(throws: StoreError.newer(found: 99, known: newest)) { try folder.open() }
        try folder.plant("PRAGMA user_version = \(newest)")
        try folder.open().close()
    }

    @Test(arguments: [1, 15, 100, 4_096, 100_000])
    func garbageIsRefused(_ count: Int) throws {
        let folder = DataFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) })
        try bytes.write(to: URL(fileURLWithPath: folder.database))
        #expect {
            try folder.open()
        } throws: { error in
            guard case .corrupt? = error as? StoreError else { return false }
            return true
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == bytes)
    }

    @Test func anotherProgramsDatabaseIsRefusedUnchanged() throws {
        let folder = DataFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        try folder.plant("CREATE TABLE bookmark (url TEXT); INSERT INTO bookmark VALUES ('x')")
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        #expect {
            try folder.open()
        } throws: { error in
            guard case .corrupt? = error as? StoreError else { return false }
            return true
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
    }

    @Test func anEmptyFileIsANewStore() throws {
        let folder = DataFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        try Data().write(to: URL(fileURLWithPath: folder.database))
        let store = try folder.open()
        defer { store.close() }
        #expect(try store.load().nextNumber == JobNumber(1))
    }
}
