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
    private func scene() throws -> StoredWorld {
        var world = try StoredWorld()
        let sessions = [
            try world.worker("w1", slots: 3), try world.worker("w2", slots: 2),
            try world.worker("w3", slots: 2),
        ]
        let jobs = try world.submit((1...9).map { "job-\($0)" }).map(\.number)
        for session in sessions {
            for number in jobs where number != jobs[3] { try world.start(session, number, 1) }
        }
        for session in sessions {
            try world.fail(session, jobs[0], 1)
            try world.ready(session, jobs[1], 1)
        }
        return world
    }

    /// Starts again with nobody connected, until nothing is left to recover: w1 stays away, w2's
    /// row is gone, and an admin removes w3 and asks again where no answer came.
    private func recover(_ world: inout StoredWorld) throws {
        try world.restart()
        for _ in 0..<2 {
            _ = world.set("w3", .remove)
            world.pass(.seconds(120))
            guard world.isDead else { return }
            try world.restart()
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: [true, false])
    func whereverTheProcessDiesTheEndIsTheSame(isWritten: Bool) throws {
        var expected: [String]?
        var deaths = 0
        for place in 0..<100 {
            var world = try scene()
            var gone = StoreBatch()
            gone.workersRemoved = ["w2"]
            try world.store.apply(gone)
            // The restart opens a store anew: the failure is set on that one.
            try world.restart(failingAfter: place == 0 ? nil : place - 1, isWritten: isWritten)
            _ = world.set("w3", .remove)
            world.pass(.seconds(120))
            let hasDied = world.isDead
            if hasDied {
                deaths += 1
                try recover(&world)
            }
            let standing = try world.standing()
            #expect(try world.unsound() == [], "place \(place)")
            if let expected {
                #expect(standing == expected, "place \(place)")
            } else {
                expected = standing
                #expect(standing.count == 9)
                #expect(standing.allSatisfy { $0.contains(" queued ") }, "\(standing)")
            }
            try world.restart()
            world.pass(.seconds(120))
            #expect(world.moves == 0, "place \(place): one more start changes nothing")
            world.close()
            if place > 0, !hasDied { break }
        }
        #expect(deaths > 3, "\(deaths)")
    }
}
