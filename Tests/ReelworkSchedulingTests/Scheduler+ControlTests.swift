// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of cancel and forced recovery.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: people's orders obey the table, reach the worker, and land in history.
struct SchedulerControlTests {
    @Test func cancelInEveryPlace() {
        var world = World()
        let queued = world.job()
        #expect(world.cancel(queued)?.code == .known(.ok))
        #expect(world.cancel(queued)?.code == .known(.ok), "canceled already is fine")
        let session = world.worker("w1", slots: 3)
        let running = world.job()
        world.start(session, running, 1)
        #expect(world.cancel(running)?.code == .known(.ok))
        #expect(world.revoked(session).map(\.0) == [running])
        #expect(world.report(session, running, 1, .released(.revoked, error: nil)) == .ok)
        let done = world.job()
        world.report(session, done, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        #expect(world.cancel(done)?.code == .known(.illegalTransition))
        let retrying = world.job()
        world.fail(session, retrying, 1, .runtimeError)
        #expect(world.cancel(retrying)?.code == .known(.ok))
        world.heartbeatPass(session, .seconds(60))
        #expect(world.state(retrying) == .canceled)
        #expect(world.cancel(JobNumber(99))?.code == .known(.notFound))
        #expect(world.faults == [])
    }

    @Test func aJobThatIsBeingPublishedIsNotCanceled() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.ready(session, job, 1)
        #expect(world.cancel(job)?.code == .known(.publishing))
        world.processGone(session)
        #expect(world.cancel(job)?.code == .known(.publishing))
        #expect(world.recover(.jobs([ResolvedJob(number: job)]), .fail).first?.code == .publishing)
        #expect(world.state(job) == .retrying)
        #expect(world.faults == [])
    }

    @Test func recoverLeavesLiveLeasesAlone() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        let target = RecoveryOrder.Target.jobs([ResolvedJob(number: job)])
        #expect(world.recover(target, .recover).first?.code == .precondition)
        #expect(world.recover(.orphans, .recover).isEmpty)
        #expect(world.state(job) == .running)
        world.processGone(session)
        let outcome = world.recover(target, .recover).first
        #expect(outcome?.code == .ok && outcome?.from == .retrying && outcome?.to == .retrying)
        #expect(world.faults == [])
    }

    @Test func recoverAtTheEndOfALeaseTellsTheWorker() {
        // The lease is over and its reminder has not been acted on yet.
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.now = world.now.advanced(by: .seconds(15))
        let outcome = world.recover(.worker("w1"), .recover).first
        #expect(outcome?.to == .retrying)
        #expect(world.revoked(session).map(\.0) == [job])
        #expect(world.retries(job) == 1)
        #expect(world.faults == [])
    }

    @Test func requeueIsNotCountedAndTakesTheJobBack() {
        var world = World()
        let session = world.worker("w1", credit: 1)
        let job = world.job()
        world.start(session, job, 1)
        let outcome = world.recover(.worker("w1"), .requeue).first
        #expect(outcome?.from == .running && outcome?.to == .queued && outcome?.code == .ok)
        #expect(world.revoked(session).map(\.1) == [.requeued])
        #expect(world.retries(job) == 0)
        #expect(world.model.jobs[job]?.moves.last?.actor == "uid:0")
        #expect(world.start(session, job, 1) == .staleAttempt)
        let second = world.worker("w2")
        #expect(world.assigned(second) == [job])
        #expect(world.faults == [])
    }

    @Test func requeueEndsAnyWait() {
        var world = World()
        let session = world.worker("w1")
        let later = world.job { $0.notBefore = World.start.wall.advanced(by: .seconds(3_600)) }
        #expect(world.state(later) == .queued)
        _ = world.recover(.jobs([ResolvedJob(number: later)]), .requeue)
        #expect(world.assigned(session) == [later])
        // Who let it go early, and why, is in its history; it counts no retry.
        let moves = (world.model.jobs[later]?.moves ?? []).map { "\($0.step.to) \($0.actor)" }
        #expect(
            moves == [
                "queued uid:1000", "retrying uid:0", "queued uid:0", "assigned scheduler",
            ]
        )
        #expect(world.retries(later) == 0)
        #expect(world.faults == [])
    }

    @Test func forcedFailureTakesTheLegalWay() throws {
        var world = World()
        let job = world.job()
        let target = RecoveryOrder.Target.jobs([ResolvedJob(number: job)])
        #expect(world.recover(target, .fail).first?.to == .failed)
        let moves = try #require(world.model.jobs[job]?.moves)
        #expect(moves.map(\.step.to) == [.queued, .retrying, .failed])
        let machine = world.model.jobs[job]?.row?.machine
        let again = RecoveryOrder.Target.jobs([ResolvedJob(number: job, stored: machine)])
        #expect(world.recover(again, .fail).first?.code == .ok)
        #expect(world.recover(again, .requeue).first?.code == .illegalTransition)
        #expect(world.recover(.jobs([ResolvedJob(number: nil)]), .fail).first?.code == .notFound)
        #expect(world.faults == [])
    }

    @Test func aRefusedCancelNamesTheJobAndItsState() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        _ = world.ready(session, job, 1)
        _ = world.finish(session, job, 1)
        let result = world.cancel(job)
        #expect(result?.code == .known(.illegalTransition))
        #expect(result?.number == job)
        #expect(result?.state == .known(.completed))
    }

    @Test func aJobThatWasFailedByForceSaysWhy() {
        var world = World()
        let job = world.job()
        _ = world.recover(.jobs([ResolvedJob(number: job)]), .fail)
        #expect(world.state(job) == .failed)
        #expect(world.model.jobs[job]?.row?.error == "failed by an administrator: why")
    }
}
