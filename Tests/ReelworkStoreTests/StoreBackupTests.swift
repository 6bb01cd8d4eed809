// SPDX-License-Identifier: Apache-2.0
// Reelwork: backups are whole

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import Testing

// Goal: a backup holds every commit made before it, opens as a store, and replaces nothing.
// Method: a store whose commits are all still in its log; the copy is opened in a folder of its
// own.
@Suite struct StoreBackupTests {
    @Test func aBackupIsCompleteAndOpens() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        for number: UInt64 in 1...50 {
            var life = try store.submit(number)
            if number.isMultiple(of: 2) { try store.write { try life.complete(into: &$0) } }
        }
        let other = DataFolder()
        try FileManager.default.createDirectory(
            atPath: other.path,
            withIntermediateDirectories: true
        )
        let size = try store.backup(to: other.database)
        #expect(try DataFolder.status(other.database) == (mode: 0o600, size: Int(size)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.path).count == 1)
        // Later commits are not in it, and it is no longer bound to the store.
        try store.submit(51)
        let copy = try other.open()
        defer { copy.close() }
        #expect(try copy.counts() == [.queued: 25, .completed: 25])
        #expect(try copy.identity() == store.identity())
        #expect(try copy.page(JobQuery()).jobs == store.page(JobQuery(after: JobNumber(51))).jobs)
        #expect(try copy.check(isDeep: true).allSatisfy { $0.isSound })
        try copy.submit(51)
    }

    @Test func aBackupReplacesNothing() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        let path = folder.path + "/reelwork-copy.db"
        try Data([1, 2]).write(to: URL(fileURLWithPath: path))
        #expect {
            try store.backup(to: path)
        } throws: { error in
            guard case .unusable(let text)? = error as? StoreError else { return false }
            return text.contains("there already")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2]))
        #expect(throws: StoreError.self) { try store.backup(to: folder.database) }
        #expect(throws: StoreError.self) { try store.backup(to: folder.path + "/no/copy.db") }
        // None of it disturbed the store, and no part is left.
        try store.submit(1)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.allSatisfy { !$0.contains(".part") })
    }

    // A backup that was killed leaves its part under its process's number, which nobody has again.
    @Test func whatAKilledBackupLeftGoesWithTheNextOne() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        let path = folder.path + "/reelwork-copy.db"
        // Beyond what Linux ever gives (proc(5), pid_max), and one that lives.
        let dead = path + ".part-4194999"
        let alive = path + ".part-\(getppid())"
        for name in [dead, alive] { try Data([1]).write(to: URL(fileURLWithPath: name)) }
        _ = try store.backup(to: path)
        #expect(!FileManager.default.fileExists(atPath: dead))
        #expect(FileManager.default.fileExists(atPath: alive))
    }
}
