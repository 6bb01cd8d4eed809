// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the ledger of children

import Foundation
import ReelworkCore
import ReelworkSystem
import Testing

@testable import ReelworkWorker

/// The ledger.
///
/// Goal: what an earlier life left running is killed and what it left lying is removed, and nothing
/// else. Method: real processes and files, and ledgers cut in the middle.
struct LedgerTests {
    static let key = AttemptKey(id: JobID(high: 7 << 12, low: 1), origin: AttemptNumber(2))

    /// The part and the folder of an attempt, both there.
    static func remains(_ folder: TestFolder) throws -> (part: String, scratch: String) {
        let part = folder.path + "/.reelwork-\(key.id)-2.part"
        let scratch = folder.state.scratch(key)
        try FileManager.default.createDirectory(
            atPath: scratch + "/deep",
            withIntermediateDirectories: true
        )
        try Data([1]).write(to: URL(fileURLWithPath: part))
        return (part, scratch)
    }

    @Test(.timeLimit(.minutes(1)))
    func killsAndSweepsWhatAnEarlierLifeLeft() throws {
        let folder = try TestFolder()
        let (part, scratch) = try Self.remains(folder)
        let (helper, encoder) = (try Sleeper(), try Sleeper())
        let (first, nothing) = try Ledger.open(in: folder.state)
        #expect(nothing.swept.isEmpty)
        // Opening swept the folders that no ledger knows, so it is made again.
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        try first.open(Self.key, part: part, scratch: scratch)
        try first.child(
            Self.key,
            helper: helper.pid,
            encoder: encoder.pid
        )
        let (_, found) = try Ledger.open(in: folder.state)
        #expect(found.killed == 2)
        #expect(found.swept == [Self.key])
        #expect(!FileManager.default.fileExists(atPath: part))
        #expect(!FileManager.default.fileExists(atPath: scratch))
        #expect(helper.signal() == SIGKILL)
        #expect(encoder.signal() == SIGKILL)
        let (_, again) = try Ledger.open(in: folder.state)
        #expect(again == Ledger.Remains())
    }

    @Test(.timeLimit(.minutes(1)))
    func sparesWhatWasClosedAndWhoHasTheIdToday() throws {
        // Goal: a closed run and a process with the same id but another start are left alone.
        let folder = try TestFolder()
        let (part, scratch) = try Self.remains(folder)
        let child = try Sleeper()
        let (ledger, _) = try Ledger.open(in: folder.state)
        try ledger.open(Self.key, part: part, scratch: scratch)
        try ledger.child(
            Self.key,
            helper: child.pid,
            encoder: child.pid
        )
        try ledger.close(Self.key)
        let (_, found) = try Ledger.open(in: folder.state)
        #expect(found == Ledger.Remains())
        #expect(child.isRunning)
        #expect(FileManager.default.fileExists(atPath: part))
    }

    @Test func readsAroundDamage() throws {
        // Goal: a ledger cut anywhere is read as far as it goes, and the service begins.
        let folder = try TestFolder()
        let (part, scratch) = try Self.remains(folder)
        let (ledger, _) = try Ledger.open(in: folder.state)
        try ledger.open(Self.key, part: part, scratch: scratch)
        let whole = try #require(FileManager.default.contents(atPath: folder.state.ledger))
        for count in 0..<whole.count {
            try whole.prefix(count).write(to: URL(fileURLWithPath: folder.state.ledger))
            let (_, found) = try Ledger.open(in: folder.state)
            // Without its line feed the last line is still whole.
            let isWhole = count >= whole.count - 1
            #expect(found.swept.count == (isWhole ? 1 : 0), "cut at \(count)")
        }
        #expect(!FileManager.default.fileExists(atPath: part))
    }

    @Test func removesNothingThatIsNoPart() throws {
        // Goal: a ledger that names another file is not believed.
        let folder = try TestFolder()
        let film = folder.path + "/film.mp4"
        try Data([1]).write(to: URL(fileURLWithPath: film))
        let (ledger, _) = try Ledger.open(in: folder.state)
        try ledger.open(Self.key, part: film, scratch: folder.state.scratch(Self.key))
        let (_, found) = try Ledger.open(in: folder.state)
        #expect(found.swept == [Self.key])
        #expect(FileManager.default.fileExists(atPath: film))
    }

    @Test(arguments: [
        "w1", "../../etc", "a/b", ".hidden", "..", "name with space", "ü",
        String(repeating: "/", count: 255),
    ])
    func keepsEveryWorkerInAFolderOfItsOwn(_ name: String) {
        // Goal: no name leads out of the scratch folder, and none is too long for the disk.
        let folder = StateFolder(scratch: "/s", worker: name)
        let rest = folder.path.dropFirst(3)
        #expect(folder.path.hasPrefix("/s/"))
        #expect(!rest.contains("/") && !rest.hasPrefix("."))
        #expect(rest.utf8.count <= 255)
    }
}
