// SPDX-License-Identifier: Apache-2.0
// Reelwork: one descriptor a process

import Glibc
import Testing

@testable import ReelworkRPC

/// Goal: many connections of one process cost one descriptor, and a number that was given to
/// another process is not mistaken for the first.
///
/// Method: real processes that sleep, end and are reaped.
@Suite(.timeLimit(.minutes(1)))
struct PeerProcessesTests {
    private func sleeper() throws -> pid_t {
        var pid: pid_t = 0
        let words: [String] = ["sleep", "100"]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        guard posix_spawnp(&pid, "sleep", nil, nil, arguments, environ) == 0 else {
            throw SystemFailure(number: errno)
        }
        return pid
    }

    private func end(_ pid: pid_t) {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    @Test func aProcessIsLookedAtOnceHoweverManyConnectionsItHas() throws {
        let processes = PeerProcesses(countMax: 4)
        let taken = (0..<1_000).compactMap { _ in processes.take(getpid()) }
        #expect(taken.count == 1_000)
        #expect(taken.allSatisfy { $0 === taken.first })
        #expect(processes.count == 1)
        for process in taken { processes.give(back: process) }
        #expect(processes.count == 0)
    }

    @Test func oneThatHasEndedIsKnownToHaveAndIsLookedAtAfresh() throws {
        let processes = PeerProcesses(countMax: 4)
        let pid = try sleeper()
        let first = try #require(processes.take(pid))
        #expect(!first.hasEnded)
        end(pid)
        #expect(first.hasEnded)
        // The number is nobody's now: the connection that comes with it is of an ended process.
        let second = try #require(processes.take(pid))
        #expect(second !== first)
        #expect(second.hasEnded)
        // Who gives the old one back does not take the new one away.
        processes.give(back: first)
        #expect(processes.count == 1)
        processes.give(back: second)
        #expect(processes.count == 0)
    }

    @Test func beyondTheLimitNoMoreAreLookedAt() throws {
        let processes = PeerProcesses(countMax: 1)
        let pid = try sleeper()
        defer { end(pid) }
        let own = try #require(processes.take(getpid()))
        #expect(processes.take(pid) == nil)
        #expect(processes.take(getpid()) === own)
        processes.give(back: own)
        processes.give(back: own)
        #expect(processes.take(pid) != nil)
    }
}
