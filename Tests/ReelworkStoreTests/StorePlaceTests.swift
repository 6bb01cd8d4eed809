// SPDX-License-Identifier: Apache-2.0
// Reelwork: a store whose files are taken away

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import Testing

// Goal: no commit is confirmed that goes to a file which a new start would not find, and nothing is
// written after that.
// Method: a real store; what people do to its folder while it is open.
@Suite(.timeLimit(.minutes(1))) struct StorePlaceTests {
    enum Theft: String, CaseIterable {
        case folderRemoved, folderMoved, folderReplaced, databaseRemoved, databaseReplaced,
            logRemoved
    }

    private func steal(_ theft: Theft, _ folder: DataFolder, _ away: String) throws {
        let files = FileManager.default
        switch theft {
        case .folderRemoved: try files.removeItem(atPath: folder.path)
        case .folderMoved: try files.moveItem(atPath: folder.path, toPath: away)
        case .folderReplaced:
            try files.copyItem(atPath: folder.path, toPath: away)
            try files.removeItem(atPath: folder.path)
            try files.moveItem(atPath: away, toPath: folder.path)
        case .databaseRemoved: try files.removeItem(atPath: folder.database)
        case .databaseReplaced:
            try files.copyItem(atPath: folder.database, toPath: away)
            try files.removeItem(atPath: folder.database)
            try files.moveItem(atPath: away, toPath: folder.database)
        case .logRemoved: try files.removeItem(atPath: folder.database + "-wal")
        }
    }

    @Test(arguments: Theft.allCases) func noCommitIsConfirmedThatWouldBeLost(theft: Theft) throws {
        let folder = DataFolder()
        let away = folder.path + ".away"
        defer { try? FileManager.default.removeItem(atPath: away) }
        let store = try folder.open()
        defer { store.close() }
        try store.submit(1)
        try store.verifyPlace()
        try steal(theft, folder, away)
        func isGone(_ error: any Error) -> Bool {
            guard case .gone(let text)? = error as? StoreError else { return false }
            return text.contains(folder.database) && text.contains("start again")
        }
        #expect { try store.submit(2) } throws: { isGone($0) }
        #expect { try store.verifyPlace() } throws: { isGone($0) }
        #expect { try store.checkpoint(isFinal: true) } throws: { isGone($0) }
        // Were it put back, what was not confirmed must not be taken for written.
        #expect { try store.submit(3) } throws: { isGone($0) }
    }

    @Test func whatAStoreDoesByItselfIsNoLoss() throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        try store.verifyPlace()
        try store.submit(1)
        try store.checkpoint(isFinal: true)
        try store.verifyPlace()
        try store.submit(2)
        _ = try store.backup(to: folder.path + "/reelwork-copy.db")
        _ = try store.check(isDeep: true)
        try store.submit(3)
        try store.verifyPlace()
        #expect(try store.job(.number(JobNumber(3))) != nil)
    }
}
