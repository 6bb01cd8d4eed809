// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what becomes of failures, grants and late reports.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: R5's table of failure classes, the waits, and that no older attempt is heard.
///
/// Seed: TestShouldRetry.
struct SchedulerReportsTests {
    @Test(arguments: [FailureClass.userError, .inputError])
    func theUsersFaultIsNotRetried(failure: FailureClass) {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        #expect(world.fail(session, job, 1, failure) == .ok)
        #expect(world.state(job) == .failed)
        #expect(world.model.jobs[job]?.row?.failure == failure)
        #expect(world.fail(session, job, 1, failure) == .ok)
        #expect(world.faults == [])
    }

    // R5: an error marked as not to be retried is not, whatever its class.
    @Test(arguments: FailureClass.allCases)
    func aFinalFailureIsTheEnd(failure: FailureClass) {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        let content = ReportItem.Content.failed(
            ReportItem.Failure(failure, error: "never", isFinal: true)
        )
        #expect(world.report(session, job, 1, content) == .ok)
        #expect(world.state(job) == .failed && world.retries(job) == 0)
        #expect(world.model.jobs[job]?.row?.failure == failure)
        #expect(world.report(session, job, 1, content) == .ok)
        #expect(!world.notes.contains(.retriesSpent(job, retriesMax: 3)))
        #expect(world.scheduler.metrics.retries == 0)
        #expect(world.faults == [])
    }

    @Test(arguments: [
        FailureClass.runtimeError, .timeout, .networkError, .platformError, .resourceError,
    ])
    func theOthersWaitAndComeBackUntilTheRetriesAreSpent(failure: FailureClass) {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        for (retry, wait) in [5, 10, 20].enumerated() {
            let attempt = UInt32(retry + 1)
            #expect(world.attempt(job) == attempt)
            world.start(session, job, attempt)
            world.fail(session, job, attempt, failure)
            #expect(world.state(job) == .retrying)
            #expect(world.retries(job) == UInt16(retry + 1))
            world.heartbeatPass(session, .milliseconds(wait * 1_000 - 1))
            #expect(world.state(job) == .retrying, "not a millisecond early")
            world.heartbeatPass(session, .milliseconds(1))
            #expect(world.state(job) == .assigned)
        }
        world.start(session, job, 4)
        world.fail(session, job, 4, failure)
        #expect(world.state(job) == .failed)
        #expect(world.retries(job) == 3)
        #expect(world.notes.contains(.retriesSpent(job, retriesMax: 3)))
        #expect(world.scheduler.metrics.retries == 3)
        #expect(world.faults == [])
    }

    @Test func aWorkerThatCannotNeverGetsTheJobAgain() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.fail(first, job, 1, .capabilityMismatch)
        #expect(world.state(job) == .queued)
        #expect(world.retries(job) == 0)
        world.pass(.seconds(1))
        #expect(world.state(job) == .queued)
        let other = world.job()
        #expect(world.assigned(first) == [job, other])
        let second = world.worker("w2")
        #expect(world.assigned(second) == [job])
        #expect(world.attempt(job) == 2)
        world.fail(second, job, 2, .capabilityMismatch)
        #expect(world.state(job) == .queued)
        #expect(world.faults == [])
    }

    @Test func aJobThatEveryWorkerRefusedIsRejectedAfterTheGrace() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.fail(session, job, 1, .capabilityMismatch)
        world.sweep(.cleanup)
        world.pass(.seconds(599))
        world.sweep(.cleanup)
        #expect(world.state(job) == .queued)
        world.pass(.seconds(1))
        world.sweep(.cleanup)
        #expect(world.state(job) == .rejected)
        #expect(world.faults == [])
    }

    @Test func whatWasMissingIsLookedForElsewhereFirst() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        let second = world.worker("w2")
        world.start(first, job, 1)
        world.fail(first, job, 1, .resourceError)
        world.heartbeatPass(first, second, .seconds(5))
        #expect(world.holder(job) == "w2")
        world.fail(second, job, 2, .resourceError)
        world.close(first, isFarewell: true)
        world.heartbeatPass(second, .seconds(10))
        #expect(world.holder(job) == "w2", "where there is no other, the same one serves")
        #expect(world.faults == [])
    }

    @Test func aHandBackIsNotCountedAndNotWaitedFor() {
        var world = World()
        let session = world.worker("w1", credit: 1)
        let job = world.job()
        world.start(session, job, 1)
        #expect(world.report(session, job, 1, .released(.draining, error: nil)) == .ok)
        #expect(world.state(job) == .queued)
        #expect(world.retries(job) == 0)
        let other = world.worker("w2")
        #expect(world.assigned(other) == [job])
        #expect(world.attempt(job) == 2)
    }

    @Test func anOldWaitDoesNotEndANewOne() {
        // I12: requeued out of a wait of 20 s, failed again with one of 40 s to come.
        let retry = RetryPolicy(backoffFirst: .seconds(20), jitter: .none)
        var world = World(policy: SchedulerPolicy(retry: retry))
        let session = world.worker("w1")
        let job = world.job()
        world.fail(session, job, 1, .runtimeError)
        world.heartbeatPass(session, .seconds(10))
        _ = world.recover(.jobs([ResolvedJob(number: job)]), .requeue)
        #expect(world.state(job) == .assigned)
        world.fail(session, job, 2, .runtimeError)
        world.heartbeatPass(session, .seconds(39))
        #expect(world.state(job) == .retrying)
        world.heartbeatPass(session, .seconds(1))
        #expect(world.state(job) == .assigned)
    }

    // Lesson 15: there was no attempt number, and the late result of a replaced worker completed
    // the job.
    @Test func reportsOfOthersAndOfOldAttemptsAreStale() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        let second = world.worker("w2")
        #expect(world.start(second, job, 1) == .staleAttempt)
        #expect(world.start(first, job, 0) == .staleAttempt)
        #expect(world.start(first, job, 2) == .staleAttempt)
        world.start(first, job, 1)
        world.report(first, job, 1, .released(.notStarted, error: nil))
        #expect(world.holder(job) == "w1" || world.holder(job) == "w2")
        let holder = world.holder(job) == "w1" ? first : second
        #expect(world.ready(holder, job, 1) == .staleAttempt)
        #expect(world.finish(holder, job, 1) == .staleAttempt)
        #expect(world.start(holder, job, 2) == .ok)
        #expect(world.start(first, JobNumber(99), 1) == .staleAttempt)
        #expect(world.scheduler.metrics.staleReports > 0)
        #expect(world.faults == [])
    }

    @Test func readyBeforeStartedIsIllegal() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        #expect(world.ready(session, job, 1) == .illegalTransition)
        #expect(world.model.jobs[job]?.grants == [])
    }

    @Test func aGrantIsNotRepeatedToAJobThatIsNotRunning() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job { $0.timeout = .seconds(10) }
        world.start(session, job, 1)
        world.ready(session, job, 1)
        world.heartbeatPass(session, .seconds(10))
        #expect(world.state(job) == .retrying)
        #expect(world.ready(session, job, 1) == .staleAttempt)
        #expect(world.model.jobs[job]?.grants.count == 1)
    }

    @Test func aLaterAttemptIsToldOfEarlierGrants() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        world.ready(first, job, 1)
        world.processGone(first)
        let second = world.worker("w2")
        world.heartbeatPass(second, .seconds(5))
        let assignment = world.assignments(second).first
        #expect(assignment?.granted == [Grant(attempt: AttemptNumber(1), size: 10, checksum: 7)])
        #expect(world.finish(second, job, 2) == .grantRequired)
        #expect(world.finish(second, job, 2, adopted: 2) == .grantRequired)
        #expect(world.finish(second, job, 2, adopted: 1) == .ok)
        #expect(world.state(job) == .completed)
        #expect(world.model.jobs[job]?.row?.failure == nil)
        #expect(world.faults == [])
    }

    @Test func withTheRetriesSpentALostGrantIsLookedFor() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job { $0.retries = 0 }
        world.start(first, job, 1)
        world.ready(first, job, 1)
        world.processGone(first)
        #expect(world.state(job) == .queued)
        let second = world.worker("w2")
        #expect(world.assignments(second).first?.isLookOnly == true)
        #expect(world.finish(second, job, 2, adopted: 1) == .ok)
        #expect(world.faults == [])
    }
}

extension World {
    /// Lets time pass in steps in which the sessions are heard of.
    mutating func heartbeatPass(_ sessions: SessionID..., for duration: Duration) {
        var left = duration
        while left > .zero {
            let step = min(left, .seconds(5))
            for session in sessions {
                credit(session, 0)
            }
            pass(step)
            left -= step
        }
        for session in sessions { credit(session, 0) }
    }

    mutating func heartbeatPass(_ session: SessionID, _ duration: Duration) {
        heartbeatPass(session, for: duration)
    }

    mutating func heartbeatPass(_ one: SessionID, _ two: SessionID, _ duration: Duration) {
        heartbeatPass(one, two, for: duration)
    }
}
