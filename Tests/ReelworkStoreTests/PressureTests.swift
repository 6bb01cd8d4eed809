// SPDX-License-Identifier: Apache-2.0
// Reelwork: a full disk and a locked file

import Foundation
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import Testing

// Goal: what cannot be written leaves the store as it was, with an error of the right kind.
// Method: a cap on the file's pages; another process that holds the write lock, told to by pipes.
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

    @Test func aLockedFileIsWaitedForAndThenAnError() async throws {
        let folder = DataFolder()
        let wait = Duration.milliseconds(300)
        let store = try folder.open { $0.lockWait = wait }
        defer { store.close() }
        let pipes = try LockPipes(folder.path)
        async let holder: Void = PressureTests.hold(folder.path)
        pipes.waitUntilHeld()
        let start = ContinuousClock.now
        #expect {
            try store.submit(1)
        } throws: { error in
            guard case .locked? = error as? StoreError else { return false }
            return true
        }
        #expect(ContinuousClock.now - start >= wait)
        #expect(try store.load().jobs.isEmpty)
        pipes.release()
        await holder
        try store.submit(1)
        #expect(try store.counts() == [.queued: 1])
    }

    @Test func aLockThatIsGivenUpInTimeIsNoError() async throws {
        let folder = DataFolder()
        let store = try folder.open { $0.lockWait = .seconds(30) }
        defer { store.close() }
        let pipes = try LockPipes(folder.path)
        async let holder: Void = PressureTests.hold(folder.path)
        pipes.waitUntilHeld()
        let writer = Thread { try? store.submit(1) }
        writer.start()
        pipes.release()
        await holder
        // The writer's access is serial: this one comes after it or finds the lock free itself.
        while try store.find(["key-1"]) == [nil] { await Task.yield() }
        #expect(try store.counts() == [.queued: 1])
    }

    /// Holds the write lock in another process, from the first pipe's opening to the second's.
    private static func hold(_ path: String) async {
        await #expect(processExitsWith: .success) { [path] in
            let raw = try RawConnection(path + "/reelwork.db")
            try raw.run("BEGIN IMMEDIATE")
            close(open(path + "/reelwork-held", O_WRONLY))
            close(open(path + "/reelwork-release", O_RDONLY))
            try raw.run("ROLLBACK")
        }
    }
}

/// Two named pipes by which the holder of a lock and the test wait for each other.
private struct LockPipes {
    let path: String

    init(_ path: String) throws {
        self.path = path
        for name in ["held", "release"] {
            guard mkfifo(path + "/reelwork-" + name, 0o600) == 0 else {
                throw StoreError.unusable("no pipe")
            }
        }
    }

    func waitUntilHeld() { close(open(path + "/reelwork-held", O_RDONLY)) }
    func release() { close(open(path + "/reelwork-release", O_WRONLY)) }
}
