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

    static func key(_ number: UInt64) -> AttemptKey {
        AttemptKey(id: JobID(high: 7 << 12, low: number), origin: AttemptNumber(1))
    }

    @Test func aTornRecordTakesNothingOfTheNextAlong() throws {
        // Goal: wherever a crash or a full disk cut a record, the one behind it is read whole.
        let folder = try TestFolder()
        let (torn, next) = (Self.key(1), Self.key(2))
        let (ledger, _) = try Ledger.open(in: folder.state)
        try ledger.open(next, part: "/b", scratch: folder.state.scratch(next))
        let whole = try #require(FileManager.default.contents(atPath: folder.state.ledger))
        let record = LedgerRecord.open(torn, part: "/a", scratch: folder.state.scratch(torn)).bytes
        for count in 0..<record.count {
            let bytes = Data(record.prefix(count)) + whole
            try bytes.write(to: URL(fileURLWithPath: folder.state.ledger))
            let (_, found) = try Ledger.open(in: folder.state)
            // The last byte is a line feed, without which the record is whole.
            let isWhole = count == record.count - 1
            #expect(found.swept == (isWhole ? [torn, next] : [next]), "cut at \(count)")
            #expect(found.damaged == (isWhole || count < 2 ? 0 : 1), "cut at \(count)")
        }
    }

    @Test func aFullDiskCostsTheRecordThatItCutAndNoOther() throws {
        // Goal: ENOSPC in the middle of a record is told, and what is noted later counts.
        for room in 0..<40 {
            let folder = try TestFolder()
            let disk = FullDisk()
            let (ledger, _) = try Ledger.open(in: folder.state, write: disk.write)
            try ledger.open(Self.key(1), part: "/a", scratch: folder.state.scratch(Self.key(1)))
            disk.fill(room: room)
            let error = #expect(throws: FileError.self) {
                try ledger.open(Self.key(2), part: "/b", scratch: "/c")
            }
            #expect(error?.code == ENOSPC)
            disk.free()
            try ledger.open(Self.key(3), part: "/d", scratch: folder.state.scratch(Self.key(3)))
            let (_, found) = try Ledger.open(in: folder.state)
            #expect(found.swept == [Self.key(1), Self.key(3)], "room for \(room) bytes")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func staysSmallHoweverLongItRuns() throws {
        // Goal: thousands of closed runs leave no trace, and what is open is still known with its
        // processes. Method: more than a ledger may hold is noted; the file is looked at all along.
        let folder = try TestFolder()
        let child = try Sleeper()
        let (ledger, _) = try Ledger.open(in: folder.state)
        let live = (1...3 as ClosedRange<UInt64>).map(Self.key)
        for key in live {
            try ledger.open(key, part: "/a", scratch: folder.state.scratch(key))
        }
        try ledger.child(live[1], helper: child.pid, encoder: child.pid)
        let part = "/" + String(repeating: "x", count: 3_000)
        var largest = 0
        for number in 10..<UInt64(400) {
            try ledger.open(Self.key(number), part: part, scratch: "/s")
            try ledger.close(Self.key(number))
            largest = max(largest, try folder.bytes(folder.state.ledger))
        }
        #expect(largest > Limits.ledgerBytesCompact / 2)
        #expect(largest < Limits.ledgerBytesCompact + 8_192)
        let (_, found) = try Ledger.open(in: folder.state)
        #expect(found.swept == live)
        #expect(found.damaged == 0)
        #expect(found.killed == 1 && child.signal() == SIGKILL)
    }

    @Test(.timeLimit(.minutes(1)))
    func goesOnWithTheOldFileWhereThereIsNoRoomForANewOne() throws {
        // Goal: a ledger that cannot be written anew loses nothing, and is when there is room.
        let folder = try TestFolder()
        let disk = FullDisk()
        let (ledger, _) = try Ledger.open(in: folder.state, write: disk.write)
        let live = Self.key(1)
        try ledger.open(live, part: "/a", scratch: folder.state.scratch(live))
        let part = "/" + String(repeating: "x", count: 3_000)
        func note(_ numbers: Range<UInt64>) throws {
            for number in numbers {
                try ledger.open(Self.key(number), part: part, scratch: "/s")
                try ledger.close(Self.key(number))
            }
        }
        disk.refuse(files: 1)
        try note(10..<150)
        #expect(try folder.bytes(folder.state.ledger) > Limits.ledgerBytesCompact)
        #expect(disk.refused == 1, "it was never tried")
        let copy = try TestFolder()
        try FileManager.default.createDirectory(
            atPath: copy.state.path,
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(atPath: folder.state.ledger, toPath: copy.state.ledger)
        #expect(try Ledger.open(in: copy.state).1.swept == [live])
        try note(150..<300)
        #expect(try folder.bytes(folder.state.ledger) < 2 * Limits.ledgerBytesCompact)
        #expect(try Ledger.open(in: folder.state).1.swept == [live])
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
