// SPDX-License-Identifier: Apache-2.0
// Reelwork: the loops' turns, on a real store

import ReelworkCore
import ReelworkScheduling
import ReelworkStore
import Testing

/// Goal: R7: the cleanup's turn rejects what nobody can run, not before its time, and changes
/// nothing where there is nothing to do.
///
/// Method: the real scheduler on SQLite with a clock that is a value.
struct StoredCleanupTests {
    private static let gpu = [Label(name: "gpu", value: "yes")]

    // Lesson 9: a GPU job that was submitted before the GPU worker registered was rejected at once.
    @Test func whatNobodyCanRunIsRejectedAfterTheGraceAndNotBefore() throws {
        var world = try StoredWorld()
        let session = try world.worker("w1")
        let job = try world.submit("job") { $0.require = Self.gpu }.number
        world.handle(.sweep(.cleanup))
        world.pass(.milliseconds(599_999), hearing: [session])
        world.handle(.sweep(.cleanup))
        #expect(try world.state(job) == .queued)
        world.pass(.milliseconds(1), hearing: [session])
        world.handle(.sweep(.cleanup))
        #expect(try world.path(job) == [.queued, .rejected])
        #expect(try world.job(job)?.row.failure == .capabilityMismatch)
        #expect(try world.history(job).last?.reason.contains("no worker fits") == true)
        let moves = world.moves
        world.handle(.sweep(.cleanup))
        world.pass(.seconds(3_600), hearing: [session])
        #expect(world.moves == moves)
        #expect(try world.unsound() == [])
    }

    // A restart begins the grace anew: workers have to register first.
    @Test func aRestartBeginsTheGraceAnew() throws {
        var world = try StoredWorld()
        let job = try world.submit("job") { $0.require = Self.gpu }.number
        world.handle(.sweep(.cleanup))
        world.pass(.seconds(599))
        try world.restart()
        world.handle(.sweep(.cleanup))
        world.pass(.seconds(599))
        world.handle(.sweep(.cleanup))
        #expect(try world.state(job) == .queued)
        world.pass(.seconds(1))
        world.handle(.sweep(.cleanup))
        #expect(try world.state(job) == .rejected)
        #expect(try world.unsound() == [])
    }

    // What every worker refused is rejected as well, and who refused is known after a restart.
    @Test func whatAllHaveRefusedIsRejectedAlsoAfterARestart() throws {
        var world = try StoredWorld()
        var session = try world.worker("w1")
        let job = try world.submit("job").number
        try world.fail(session, job, 1, .capabilityMismatch)
        #expect(try world.state(job) == .queued && world.retries(job) == 0)
        try world.restart()
        session = try world.worker("w1")
        world.handle(.sweep(.cleanup))
        world.pass(.seconds(600), hearing: [session])
        #expect(world.assigned(session) == [], "never to that worker again")
        world.handle(.sweep(.cleanup))
        #expect(try world.state(job) == .rejected)
        #expect(try world.store.load().marks == [])
        #expect(try world.unsound() == [])
    }

    // Turns of all loops over a scheduler in the middle of everything change nothing at all.
    @Test func aTurnChangesNothingWhereAllIsWell() throws {
        var world = try StoredWorld()
        let session = try world.worker("w1", slots: 3)
        let jobs = try world.submit((1...5).map { "job-\($0)" }).map(\.number)
        try world.start(session, jobs[0], 1)
        try world.fail(session, jobs[1], 1)
        let standing = try world.standing()
        for sweep in SchedulerSweep.allCases { world.handle(.sweep(sweep)) }
        #expect(try world.standing() == standing)
        let hasFailed = world.notes.contains {
            if case .sweepFailed = $0 { true } else { false }
        }
        #expect(!hasFailed)
        #expect(try world.unsound() == [])
    }
}
