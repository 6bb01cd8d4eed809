// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a restart may and may not change

import ReelworkCore
import ReelworkScheduling
import ReelworkStore
import Testing

/// Goal: a restart of the scheduler gives nobody time that was not given.
///
/// Method: the real scheduler on SQLite with a clock that is a value.
struct StoredRestartTests {
    /// A job with a limit of 60 s whose scheduler is started again after 50 s.
    private func restarted() throws -> (StoredWorld, JobNumber) {
        var world = try StoredWorld()
        let session = try world.worker("w1")
        let job = try world.submit("job") { $0.timeout = .seconds(60) }.number
        try world.start(session, job, 1)
        world.pass(.seconds(50), hearing: [session])
        try world.restart()
        return (world, job)
    }

    // R3: a submitter's limit is never extended. The worker is back before the end, and the end is
    // where it was.
    @Test func aHardLimitEndsWhereItDidBeforeTheRestart() throws {
        var (world, job) = try restarted()
        world.pass(.seconds(2))
        let session = try world.worker("w1", held: [(job, 1, .running)])
        world.progress(session, job, 1, media: .seconds(9))
        world.pass(.milliseconds(7_999), hearing: [session])
        #expect(try world.state(job) == .running)
        world.pass(.milliseconds(1), hearing: [session])
        #expect(try world.path(job).suffix(2) == [.timedOut, .retrying])
        #expect(world.revoked(session) == [job])
        #expect(try world.unsound() == [])
    }

    // It is back when its time is over: what still encodes is stopped at once.
    @Test func whatEncodesPastItsLimitIsStoppedWhenItIsHeard() throws {
        var (world, job) = try restarted()
        world.pass(.seconds(12))
        #expect(try world.state(job) == .running, "nobody could be told")
        let session = try world.worker("w1", held: [(job, 1, .running)])
        #expect(try world.path(job).suffix(2) == [.timedOut, .retrying])
        #expect(world.revoked(session) == [job])
        #expect(try world.unsound() == [])
    }

    // It is back when its time is over, and has ended meanwhile: nothing that is done is thrown
    // away.
    @Test(arguments: [HeldAttempt.Phase.encoded, .granted, .published])
    func whatEndedMeanwhileIsTaken(phase: HeldAttempt.Phase) throws {
        var (world, job) = try restarted()
        world.pass(.seconds(12))
        let session = try world.worker("w1", held: [(job, 1, phase)])
        #expect(try world.ready(session, job, 1) == .ok)
        #expect(try world.finish(session, job, 1) == .ok)
        #expect(try world.path(job) == [.queued, .assigned, .running, .completed])
        #expect(try world.unsound() == [])
    }

    // It does not come back: its lease ends as any other's.
    @Test func whoStaysAwayIsLost() throws {
        var (world, job) = try restarted()
        world.pass(.seconds(16))
        #expect(try world.state(job) == .retrying)
        #expect(try world.unsound() == [])
    }
}
