// SPDX-License-Identifier: Apache-2.0
// Reelwork: a full disk and a locked file

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import StoreTestKit
import Testing

// Goal: what cannot be written leaves the store as it was, with an error of the right kind.
// Method: a cap on the file's pages; a second connection, as of another process, that holds the
// write lock.
@Suite(.timeLimit(.minutes(1))) struct PressureTests {
    @Test func aFullDiskLeavesTheStoreUsable() throws {
        let folder = DataFolder()
        let store = try folder.open { $0.pagesMax = 60 }
        defer { store.close() }
        let first = try store.submit(1)
        #expect {
            try store.write { batch in
                for number: UInt64 in 2...40 {
                    var life = JobLife(number, spec: [UInt8](repeating: 1, count: 8_192))
                    life.submit(into: &batch)
                }
            }
        } throws: { error in
            guard case .full? = error as? StoreError else { return false }
            return true
        }
        #expect(try store.load().jobs.map(\.insert) == [first.insert])
        #expect(try store.find(["key-2"]) == [nil])
        // A smaller batch fits, with the very numbers that were not given.
        try store.submit(2)
        #expect(try store.load().nextNumber == JobNumber(3))
        #expect(try store.check(isDeep: true).allSatisfy { $0.isSound })
    }

    @Test func aLockedFileIsWaitedForAndThenAnError() throws {
        let folder = DataFolder()
        let wait = Duration.milliseconds(300)
        let store = try folder.open { $0.lockWait = wait }
        defer { store.close() }
        let raw = try RawConnection(folder.database)
        try raw.run("BEGIN IMMEDIATE")
        let start = ContinuousClock.now
        #expect {
            try store.submit(1)
        } throws: { error in
            guard case .locked? = error as? StoreError else { return false }
            return true
        }
        #expect(ContinuousClock.now - start >= wait)
        // Readers do not wait for writers.
        #expect(try store.load().jobs.isEmpty)
        try raw.run("ROLLBACK")
        try store.submit(1)
        #expect(try store.counts() == [.queued: 1])
    }

    @Test func aLockThatIsGivenUpInTimeIsNoError() throws {
        let folder = DataFolder()
        let store = try folder.open { $0.lockWait = .seconds(30) }
        defer { store.close() }
        let raw = try RawConnection(folder.database)
        try raw.run("BEGIN IMMEDIATE")
        let isDone = DispatchSemaphore(value: 0)
        let writer = Thread {
            _ = try? store.submit(1)
            isDone.signal()
        }
        writer.start()
        #expect(isDone.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
        try raw.run("ROLLBACK")
        #expect(isDone.wait(timeout: .now() + .seconds(20)) == .success)
        #expect(try store.counts() == [.queued: 1])
    }
}
