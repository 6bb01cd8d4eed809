// SPDX-License-Identifier: Apache-2.0
// Reelwork: threads that are awaited and threads that are left

import Foundation
import ReelworkCore
import ReelworkSystem
import Testing

/// Goal: a thread runs to its end whether it is joined or left to itself, and one that nobody waits
/// for gives its memory back.
///
/// Method: doorbells tell of the end; stacks are counted in the process's map of memory.
@Suite(.timeLimit(.minutes(1)))
struct DedicatedThreadTests {
    private static let soon = Duration.seconds(20)

    @Test func joinReturnsWhenItHasEndedAndASecondTimeAtOnce() throws {
        let bell = try #require(Doorbell())
        let begun = try #require(Doorbell())
        let thread = try #require(
            DedicatedThread(name: "joined") {
                bell.wait(until: SystemClock.boot().advanced(by: Self.soon))
                begun.ring()
            }
        )
        bell.ring()
        thread.join()
        begun.wait(until: .distantFuture)
        thread.join()
    }

    // The last reference goes while it runs: it must not be stopped, and its work must be done.
    @Test func aThreadThatIsLeftGoesOnToItsEnd() throws {
        let go = try #require(Doorbell())
        let done = try #require(Doorbell())
        try Self.leave {
            go.wait(until: .distantFuture)
            done.ring()
        }
        go.ring()
        let deadline = SystemClock.boot().advanced(by: Self.soon)
        done.wait(until: deadline)
        #expect(SystemClock.boot() < deadline)
    }

    // Each stack is 8 MiB of addresses: a thousand that are not given back are seen at once.
    @Test func threadsThatAreLeftGiveTheirMemoryBack() async throws {
        await #expect(processExitsWith: .success) {
            let before = try DedicatedThreadTests.addressBytes()
            for _ in 0..<1_000 {
                let done = try #require(Doorbell())
                try DedicatedThreadTests.leave { done.ring() }
                done.wait(until: .distantFuture)
            }
            let grown = try DedicatedThreadTests.addressBytes() - before
            #expect(grown < 2_000_000_000, "\(grown) bytes")
        }
    }

    private static func leave(_ body: @escaping @Sendable () -> Void) throws {
        _ = try #require(DedicatedThread(name: "left", body))
    }

    /// The process's addresses in use (proc_pid_statm(5)).
    private static func addressBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").first.flatMap { Int($0) })
        return pages * 4_096
    }
}
