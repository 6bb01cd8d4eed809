// SPDX-License-Identifier: Apache-2.0
// Reelwork: recovery dies at every commit, and ends the same

import ReelworkCore
import ReelworkScheduling
import ReelworkStore
import Testing

/// Goal: R4: jobs of dead, removed and unknown workers are recovered, each in one transaction;
/// wherever the process dies, the next start ends in the same state, and one more changes nothing.
///
/// Method: the real store, a clock that is a value; the n-th commit of a recovery fails, before or
/// after it reached the disk, for every n. Lesson 8 (recovery was two steps, and a crash between
/// them left a job running on a dead worker); Lesson 18 (jobs of a deleted worker were invisible).
struct RecoveryTests {
    /// Three workers with jobs assigned, running and granted; one job that waits for its retry.
    private func scene(in folder: String) throws -> RecoveryBench {
        var bench = try RecoveryBench(in: folder)
        bench.worker("w1", 1, slots: 3)
        bench.worker("w2", 2, slots: 2)
        bench.worker("w3", 3, slots: 2)
        bench.submit(9)
        for session in 1...3 as ClosedRange<UInt64> {
            for number in 1...9 as ClosedRange<UInt64> where number != 4 {
                bench.report(session, number, .started(ReportItem.Start()))
            }
        }
        for session in 1...3 as ClosedRange<UInt64> {
            bench.report(session, 1, .failed(ReportItem.Failure(.runtimeError, error: "broken")))
            let film = ReportItem.Film(
                output: "/out/2",
                size: 10,
                mediaDuration: .seconds(5),
                checksum: 7
            )
            bench.report(session, 2, .ready(film))
        }
        return bench
    }

    /// Starts again with nobody connected, until nothing is left to recover: w1 stays away, w2's
    /// row is gone, and an admin removes w3 and asks again where no answer came.
    private func recover(_ bench: inout RecoveryBench) throws {
        try bench.restart()
        for _ in 0..<2 {
            bench.remove("w3")
            bench.pass(.seconds(120))
            guard bench.isDead else { return }
            try bench.restart()
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: [true, false])
    func whereverTheProcessDiesTheEndIsTheSame(isWritten: Bool) throws {
        var expected: [String]?
        var deaths = 0
        for place in 0..<100 {
            let folder = DaemonHarness.temporaryFolder()
            defer { DaemonHarness.remove(folder) }
            var bench = try scene(in: folder)
            var gone = StoreBatch()
            gone.workersRemoved = ["w2"]
            try bench.store.apply(gone)
            // The restart opens a store anew: the failure is set on that one.
            try bench.restart(failingAfter: place == 0 ? nil : place - 1, isWritten: isWritten)
            bench.remove("w3")
            bench.pass(.seconds(120))
            let hasDied = bench.isDead
            if hasDied {
                deaths += 1
                try recover(&bench)
            }
            let standing = try bench.standing()
            #expect(try bench.unsound() == [], "place \(place)")
            if let expected {
                #expect(standing == expected, "place \(place)")
            } else {
                expected = standing
                #expect(standing.count == 9)
                #expect(standing.allSatisfy { $0.contains(" queued ") }, "\(standing)")
            }
            try bench.restart()
            bench.pass(.seconds(120))
            #expect(bench.moves == 0, "place \(place): one more start changes nothing")
            bench.close()
            if place > 0, !hasDied { break }
        }
        #expect(deaths > 3, "\(deaths)")
    }
}
