// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of how much room there is for films

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// Goal: room is looked for where parts lie, and not where the worker keeps its own files.
///
/// Method: file systems that every Linux has, one of them with no room at all.
struct FilmRoomTests {
    let folder: TestFolder

    private static let hasOther = HostFacts.mebibytesFree("/dev/shm") > 0
    private static let why: Comment = "there is no second file system at /dev/shm"

    init() throws { folder = try TestFolder() }

    @Test func whereNothingWasMadeTheScratchFolderIsAsked() {
        let room = FilmRoom(scratch: folder.path, roots: [])
        let there = HostFacts.mebibytesFree(folder.path)
        #expect(there > 0 && abs(Int64(room.mebibytesFree) - Int64(there)) < 1_000)
    }

    // /dev/shm is another file system on every Linux, /proc one that has no room at all.
    @Test(.enabled(if: hasOther, why)) func theFolderOfThePartsCounts() throws {
        let shm = HostFacts.mebibytesFree("/dev/shm")
        let room = FilmRoom(scratch: folder.path, roots: [])
        room.note("/dev/shm")
        let least = min(shm, HostFacts.mebibytesFree("/dev/shm"))
        #expect(abs(Int64(room.mebibytesFree) - Int64(least)) < 100)
        // Where one of them has less, that counts; where it is gone, the others.
        room.note(folder.path)
        #expect(room.mebibytesFree <= max(least, 100) + 100)
        for index in 0..<20 { room.note(folder.path + "/gone\(index)") }
        #expect(room.mebibytesFree > 0, "nothing is known: the scratch folder is asked again")
    }

    // Roots say where outputs may go; what jobs did lately says nothing then.
    @Test(.enabled(if: hasOther, why)) func rootsGoBeforeWhatWasMade() throws {
        let room = FilmRoom(scratch: folder.path, roots: ["/dev/shm", "/nowhere"])
        room.note(folder.path)
        let shm = HostFacts.mebibytesFree("/dev/shm")
        #expect(abs(Int64(room.mebibytesFree) - Int64(shm)) < 100)
    }

    // No attempt can begin without a scratch folder of its own.
    @Test func aFullScratchFolderLeavesNoRoom() {
        #expect(FilmRoom(scratch: "/proc", roots: ["/dev/shm"]).mebibytesFree == 0)
    }

    @Test func aFullFolderKeepsFilmsAwayForAWhileOnly() {
        let room = FilmRoom(scratch: folder.path, roots: [])
        let now = ContinuousClock.now
        room.note("/proc", at: now)
        #expect(room.mebibytesFree(at: now + .seconds(600)) == 0)
        #expect(room.mebibytesFree(at: now + .seconds(601)) > 0)
    }
}
