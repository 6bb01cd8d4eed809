// SPDX-License-Identifier: Apache-2.0
// Reelwork: what SQLite's codes mean

import GRDBSQLite
import ReelworkCore
import Testing

@testable import ReelworkStore

// Goal: only what is surely undone may be tried again; all that is doubtful ends the process.
// Method: a table of codes and phases.
@Suite struct StoreErrorSQLiteTests {
    static let cases: [(code: Int32, phase: StorePhase, kind: String)] = [
        (SQLITE_FULL, .write, "full"), (SQLITE_FULL, .commit, "full"),
        (SQLITE_BUSY, .write, "locked"), (SQLITE_BUSY | 2 << 8, .write, "locked"),
        (SQLITE_LOCKED, .read, "locked"), (SQLITE_PROTOCOL, .open, "locked"),
        (SQLITE_BUSY, .commit, "failed"),
        (SQLITE_CONSTRAINT | 1 << 8, .write, "refused"), (SQLITE_MISMATCH, .write, "refused"),
        (SQLITE_TOOBIG, .write, "refused"), (SQLITE_CONSTRAINT, .commit, "failed"),
        (SQLITE_CORRUPT, .read, "corrupt"), (SQLITE_NOTADB, .open, "corrupt"),
        (SQLITE_CANTOPEN, .open, "unusable"), (SQLITE_READONLY, .open, "unusable"),
        (SQLITE_PERM, .open, "unusable"), (SQLITE_READONLY | 4 << 8, .write, "failed"),
        (SQLITE_CANTOPEN, .write, "failed"),
        (SQLITE_IOERR, .write, "failed"), (SQLITE_IOERR | 4 << 8, .commit, "failed"),
        (SQLITE_IOERR | 1 << 8, .read, "failed"), (SQLITE_NOMEM, .write, "failed"),
        (SQLITE_ERROR, .write, "failed"), (SQLITE_INTERNAL, .commit, "failed"),
        (999, .write, "failed"),
    ]

    @Test(arguments: cases)
    func codesAreJudgedByPhase(_ code: Int32, _ phase: StorePhase, _ kind: String) {
        let error = StoreError(code: code, message: "words", during: phase)
        let found =
            switch error {
            case .full: "full"
            case .locked: "locked"
            case .failed: "failed"
            case .corrupt: "corrupt"
            case .newer: "newer"
            case .inUse: "inUse"
            case .gone: "gone"
            case .unusable: "unusable"
            case .refused: "refused"
            }
        #expect(found == kind)
        #expect(error.explanation.contains("words"))
    }

    static let versions: [(number: Int32, isWarned: Bool)] = [
        (3_040_001, true), (3_044_005, true), (3_044_006, false), (3_045_000, true),
        (3_050_006, true), (3_050_007, false), (3_051_000, true), (3_051_002, true),
        (3_051_003, false), (3_052_000, false),
    ]

    @Test(arguments: versions)
    func versionsWithTheResetRaceAreWarnedOf(_ number: Int32, isWarned: Bool) {
        let version = SQLiteVersion(number: number, name: "x", sourceID: "y")
        #expect((version.warning != nil) == isWarned)
    }

    @Test func networkFileSystemsAreKnownByTheirMount() {
        let table = MountTable(
            text: """
                25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                99 25 0:52 / /films rw,relatime shared:7 master:2 - nfs4 host:/films rw
                98 25 0:53 / /ssh rw - fuse.sshfs host: rw
                97 25 0:54 / /tmp rw - tmpfs tmpfs rw
                broken line
                96 25 0:55
                """
        )
        #expect(table.networkKind(device: 8 << 8 | 1) == nil)
        #expect(table.networkKind(device: 52) == "nfs4")
        #expect(table.networkKind(device: 53) == "fuse.sshfs")
        #expect(table.networkKind(device: 54) == nil)
        #expect(table.networkKind(device: 55) == nil)
        #expect(table.networkKind(device: .max) == nil)
    }
}
