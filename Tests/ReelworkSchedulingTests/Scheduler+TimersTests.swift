// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of deadlines, stalls and the grace of jobs that no one can run.

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: R3's deadlines: never early, at once when due, extended only for what progresses.
struct SchedulerTimersTests {
    @Test func aJobThatDoesNotStartIsTimedOutAfterFiveMinutes() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.heartbeatPass(session, .milliseconds(299_999))
        #expect(world.state(job) == .assigned)
        world.heartbeatPass(session, .milliseconds(1))
        #expect(world.state(job) == .retrying)
        #expect(world.model.jobs[job]?.moves.map(\.step.to).suffix(2) == [.timedOut, .retrying])
        #expect(world.revoked(session).first?.1 == .timedOut)
        #expect(world.scheduler.metrics.timeouts == 1)
        #expect(world.scheduler.metrics.assignmentFailures == 1)
        #expect(world.faults == [])
    }

    @Test func aDeadlineIsExtendedWhileMediaTimeAdvances() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(90))
        for second in 1...40 {
            world.progress(session, job, 1, media: .seconds(second))
            world.heartbeatPass(session, .seconds(10))
        }
        #expect(world.state(job) == .running)
        #expect(world.notes.contains(.extended(job, by: .seconds(60))))
        // It stands still from now on: 60 s after its last advance it is over, by 10 s already
        // gone.
        world.heartbeatPass(session, .milliseconds(49_999))
        #expect(world.state(job) == .running)
        world.heartbeatPass(session, .milliseconds(1))
        #expect(world.state(job) == .retrying)
        #expect(world.faults == [])
    }

    @Test func theSameMediaTimeAgainIsNoProgress() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(3_600))
        world.progress(session, job, 1, media: .seconds(1))
        for _ in 0..<11 {
            world.heartbeatPass(session, .seconds(10))
            world.progress(session, job, 1, media: .seconds(1))
        }
        #expect(world.state(job) == .running)
        world.heartbeatPass(session, .seconds(10))
        #expect(world.state(job) == .retrying)
    }

    @Test func withoutAnyProgressADeadlineIsNotExtended() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(35))
        world.heartbeatPass(session, .milliseconds(34_999))
        #expect(world.state(job) == .running)
        world.heartbeatPass(session, .milliseconds(1))
        #expect(world.state(job) == .retrying)
    }

    @Test func aHardLimitIsNeverExtended() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job { $0.timeout = .seconds(100) }
        world.start(session, job, 1, limit: .seconds(3_600))
        for second in 1...9 {
            world.heartbeatPass(session, .seconds(10))
            world.progress(session, job, 1, media: .seconds(second))
        }
        world.heartbeatPass(session, .milliseconds(9_999))
        #expect(world.state(job) == .running)
        world.heartbeatPass(session, .milliseconds(1))
        #expect(world.state(job) == .retrying)
    }

    @Test func noStallIsLookedForInTheFirstMinute() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(3_600))
        world.heartbeatPass(session, .milliseconds(119_999))
        #expect(world.state(job) == .running)
        world.heartbeatPass(session, .milliseconds(1))
        #expect(world.state(job) == .retrying)
    }

    @Test func anEncodedFilmIsNotStalled() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(600))
        world.progress(session, job, 1, media: .seconds(9), permille: 1000)
        world.heartbeatPass(session, .seconds(599))
        #expect(world.state(job) == .running)
        // Saying it again is no progress: a hung end is found at the deadline.
        world.progress(session, job, 1, media: .seconds(9), permille: 1000)
        world.heartbeatPass(session, .seconds(1))
        #expect(world.state(job) == .retrying)
    }

    // Lesson 7 (a healthy encode longer than its time was failed, and a second copy begun): an
    // encode that was extended, and a verification longer than a window, stay in one hand.
    @Test func aHealthyVerificationPastTheDeadlineGoesOn() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(300))
        for second in 1...40 {
            world.progress(session, job, 1, media: .seconds(second))
            world.heartbeatPass(session, .seconds(10))
        }
        #expect(world.notes.contains(.extended(job, by: .seconds(60))))
        world.progress(session, job, 1, media: .seconds(41), permille: 1000)
        for _ in 0..<29 {
            world.heartbeatPass(session, .seconds(10))
            world.progress(session, job, 1, media: .seconds(41), permille: 1000)
        }
        #expect(world.state(job) == .running && world.attempt(job) == 1)
        #expect(world.ready(session, job, 1) == .ok)
        #expect(world.finish(session, job, 1) == .ok)
        #expect(world.revoked(session).isEmpty)
        #expect(world.faults == [])
    }

    @Test func aVerificationThatHangsEndsAfterTheRunsOwnLimit() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(300))
        world.heartbeatPass(session, .seconds(100))
        world.progress(session, job, 1, media: .seconds(41), permille: 1000)
        world.heartbeatPass(session, .milliseconds(299_999))
        #expect(world.state(job) == .running)
        world.heartbeatPass(session, .milliseconds(1))
        #expect(world.state(job) == .retrying)
    }

    // What a submitter allowed is over when it is over: not the end of the encode, not an adoption,
    // not a restart and not a full disk stretch it.
    @Test func anEncodedFilmStretchesNoHardLimit() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job { $0.timeout = .seconds(100) }
        world.start(session, job, 1)
        world.progress(session, job, 1, media: .seconds(9), permille: 1000)
        world.heartbeatPass(session, .milliseconds(99_999))
        #expect(world.state(job) == .running)
        world.heartbeatPass(session, .milliseconds(1))
        #expect(world.state(job) == .retrying)
    }

    @Test(arguments: [true, false])
    func anAdoptionStretchesNoHardLimit(isRestarted: Bool) {
        var world = World()
        let session = world.worker("w1")
        let job = world.job { $0.timeout = .seconds(100) }
        world.start(session, job, 1)
        world.close(session)
        world.pass(.seconds(15))
        #expect(world.state(job) == .retrying)
        if isRestarted { world.restart() }
        let again = world.worker("w1", held: [(job, 1, .running)])
        #expect(world.attempt(job) == 2)
        world.report(again, job, 2, .started(ReportItem.Start(isResumed: true)))
        for second in 1...8 {
            world.heartbeatPass(again, .seconds(10))
            world.progress(again, job, 2, media: .seconds(second))
        }
        world.heartbeatPass(again, .milliseconds(4_999))
        #expect(world.state(job) == .running)
        world.heartbeatPass(again, .milliseconds(1))
        #expect(world.state(job) == .retrying)
        world.report(again, job, 2, .released(.revoked, error: nil))
        // A new encode has its whole time.
        world.heartbeatPass(again, .seconds(30))
        world.start(again, job, 3)
        world.progress(again, job, 3, media: .seconds(1))
        world.heartbeatPass(again, .seconds(60))
        world.progress(again, job, 3, media: .seconds(2))
        world.heartbeatPass(again, .milliseconds(39_999))
        #expect(world.state(job) == .running)
        #expect(world.faults == [])
    }

    @Test func aFullDiskStretchesNoHardLimit() {
        var world = World()
        let session = world.worker("w1", slots: 2)
        let hard = world.job { $0.timeout = .seconds(100) }
        let soft = world.job()
        world.start(session, hard, 1)
        world.start(session, soft, 1, limit: .seconds(100))
        world.now = world.now.advanced(by: .seconds(120))
        world.scheduler.handle(.resumed, now: world.now)
        world.settle()
        #expect(world.state(hard) == .retrying)
        #expect(world.state(soft) == .running)
    }

    // Lesson 9: a GPU job that came before the GPU worker was rejected at once; it waits for one.
    @Test func anUnfitJobIsRejectedOnlyAfterTheGrace() {
        var world = World()
        let job = world.job { $0.encoders = ["h264_nvenc"] }
        world.sweep(.cleanup)
        world.pass(.milliseconds(599_999))
        world.sweep(.cleanup)
        #expect(world.state(job) == .queued)
        world.pass(.milliseconds(1))
        world.sweep(.cleanup)
        #expect(world.state(job) == .rejected)
        #expect(world.faults == [])
    }

    @Test func aLateJobOfAnUnfitLineHasItsOwnGrace() {
        var world = World()
        let early = world.job { $0.encoders = ["h264_nvenc"] }
        world.sweep(.cleanup)
        world.pass(.seconds(599))
        let late = world.job { $0.encoders = ["h264_nvenc"] }
        world.pass(.seconds(2))
        // A wall clock that jumps ends no grace.
        world.now.wall = world.now.wall.advanced(by: .seconds(86_400))
        world.sweep(.cleanup)
        #expect(world.state(early) == .rejected)
        #expect(world.state(late) == .queued)
    }

    @Test func nothingIsRejectedWhileAFittingWorkerIsKnown() {
        var world = World()
        let nvenc = EngineReport(name: "ffmpeg", version: "7", encoders: ["h264_nvenc"])
        let session = world.worker("gpu", engines: [nvenc])
        world.close(session, isFarewell: true)
        let job = world.job { $0.encoders = ["h264_nvenc"] }
        for _ in 0..<3 {
            world.sweep(.cleanup)
            world.pass(.seconds(600))
        }
        #expect(world.state(job) == .queued)
        _ = world.worker("gpu", incarnation: 2, engines: [nvenc])
        #expect(world.state(job) == .assigned)
    }

    @Test func remindersOfJobsThatAreOverDoNotPileUp() {
        var world = World()
        let session = world.worker("w1", credit: 1_000_000)
        for _ in 0..<6_000 {
            let job = world.job()
            world.start(session, job, world.attempt(job) ?? 0)
            world.report(session, job, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        }
        #expect(world.scheduler.timerCount < 5_000)
        #expect(world.scheduler.liveCount == 0)
        #expect(world.faults == [])
    }

    @Test func eachRunHasOneReminder() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1, limit: .seconds(36_000))
        for second in 1...200 {
            world.progress(session, job, 1, media: .seconds(second))
            world.heartbeatPass(session, .seconds(30))
        }
        #expect(world.state(job) == .running)
        #expect(world.scheduler.timerCount <= 3)
    }
}
