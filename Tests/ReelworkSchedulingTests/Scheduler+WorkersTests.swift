// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of leases, registration, digests and inventories.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: only death moves jobs, and both sides agree after every reconnect; a name has one session.
///
/// Security checklist 11 (two sessions of one name).
struct SchedulerWorkersTests {
    @Test func aSilentWorkerIsDeadWhenItsLeaseEnds() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.pass(.milliseconds(14_999))
        #expect(world.state(job) == .running)
        world.pass(.milliseconds(1))
        #expect(world.state(job) == .retrying)
        #expect(world.retries(job) == 1)
        #expect(world.model.jobs[job]?.row?.failure == .platformError)
        #expect(world.scheduler.metrics.workerFailures == 1)
        #expect(world.scheduler.metrics.orphansFound == 1)
        #expect(world.notes.contains(.recovering(job, worker: "w1")))
        // SIGSTOP over: what it says now is late.
        #expect(world.ready(session, job, 1) == .sessionSuperseded)
        let again = world.worker("w1")
        #expect(world.finish(again, job, 1) == .staleAttempt)
        #expect(world.faults == [])
    }

    @Test func aClosedConnectionMovesNothingUntilTheLeaseEnds() {
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        world.start(session, job, 1)
        world.pass(.seconds(10))
        world.close(session)
        #expect(world.state(job) == .running)
        world.pass(.milliseconds(4_999))
        #expect(world.state(job) == .running)
        world.pass(.milliseconds(1))
        #expect(world.state(job) == .retrying)
    }

    @Test(arguments: [true, false])
    func aProcessThatIsGoneIsDeadAtOnce(isClosedFirst: Bool) {
        // The end of the connection and of the process are heard of in either order.
        var world = World()
        let session = world.worker("w1")
        let job = world.job()
        if isClosedFirst { world.close(session) }
        world.processGone(session)
        #expect(world.state(job) == .retrying)
        if !isClosedFirst { world.close(session) }
        #expect(world.scheduler.metrics.workerFailures == 1)
        #expect(world.faults == [])
    }

    @Test func theEndOfAnOldConnectionsProcessDoesNotKillTheNewSession() {
        var world = World()
        let old = world.worker("w1")
        world.close(old)
        let job = world.job()
        let new = world.worker("w1", incarnation: 2)
        #expect(world.assigned(new) == [job])
        world.processGone(old)
        #expect(world.state(job) == .assigned)
    }

    @Test func aFarewellWithNothingInHandIsNoFailure() {
        var world = World()
        let session = world.worker("w1")
        world.close(session, isFarewell: true)
        #expect(world.notes.contains(.workerLeft(name: "w1")))
        world.pass(.seconds(60))
        #expect(world.scheduler.metrics.workerFailures == 0)
        world.job()
        #expect(world.assigned(session).isEmpty)
    }

    @Test func anotherProcessIsRefusedWhileTheLeaseLives() throws {
        var world = World()
        let first = world.worker("w1")
        let second = world.newSession()
        let answer = world.register(World.registration("w1", incarnation: 2), as: second)
        guard case .refused(let code, let detail, let wait) = try #require(answer) else {
            Issue.record("it was accepted")
            return
        }
        #expect(code == .sessionSuperseded && wait == .seconds(15))
        // Who has the name, and what to do.
        #expect(detail.contains("is connected with it") && detail.contains("--name"))
        let job = world.job()
        #expect(world.assigned(first) == [job])
        #expect(world.faults == [])
    }

    @Test func theSameProcessReplacesItsOldConnectionAndKeepsItsJobs() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        let second = world.newSession()
        let answer = world.register(
            World.registration("w1"),
            as: second,
            held: [(job, 1, .running)]
        )
        #expect(world.verdicts(answer) == [.keep])
        #expect(world.ready(first, job, 1) == .sessionSuperseded)
        #expect(world.ready(second, job, 1) == .ok)
        #expect(world.finish(second, job, 1) == .ok)
        #expect(world.faults == [])
    }

    @Test func oneConnectionIsOneWorker() {
        var world = World()
        let session = world.worker("w1")
        guard
            case .refused(.invalidArgument, _, _)? =
                world.register(World.registration("w2"), as: session)
        else {
            Issue.record("a second name was accepted")
            return
        }
        let job = world.job()
        #expect(world.holder(job) == "w1")
    }

    // Lesson 23: where the reply to "next job" was lost, the job was leaked.
    @Test func anAssignmentThatNeverArrivedIsNotCounted() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        #expect(world.assigned(first) == [job])
        let second = world.worker("w1")
        #expect(world.retries(job) == 0)
        #expect(world.assigned(second) == [job])
        #expect(world.attempt(job) == 2)
        #expect(world.faults == [])
    }

    @Test func aNewLifeOfTheAgentIsTheDeathOfTheOldOne() {
        var world = World()
        let first = world.worker("w1", slots: 2)
        let lost = world.job()
        let kept = world.job()
        world.start(first, lost, 1)
        world.start(first, kept, 1)
        world.close(first)
        _ = world.worker("w1", incarnation: 2, slots: 2, held: [(kept, 1, .published)])
        #expect(world.state(lost) == .retrying)
        #expect(world.retries(lost) == 1)
        #expect(world.state(kept) == .running)
        #expect(world.faults == [])
    }

    @Test func verdictsForWhatIsNotItsOwn() {
        var world = World()
        let first = world.worker("w1", slots: 3)
        let held = world.job()
        let done = world.job()
        let canceled = world.job()
        for job in [held, done, canceled] { world.start(first, job, 1) }
        world.report(first, done, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        _ = world.cancel(canceled)
        let fresh = world.job { $0.encoders = ["none"] }
        let answer = world.register(
            World.registration("w2"),
            as: world.newSession(),
            held: [
                (held, 1, .running), (done, 1, .published), (canceled, 1, .running),
                (fresh, 0, .running), (JobNumber(77), 1, .running), (done, 1, .failed),
            ]
        )
        #expect(world.verdicts(answer) == [.kill, .done, .kill, .kill, .kill, .kill])
        #expect(world.holder(held) == "w1")
        #expect(world.state(fresh) == .queued)
        #expect(world.faults == [])
    }

    @Test func aLostJobIsAdoptedUnlessANewerAttemptWasAssigned() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.start(first, job, 1)
        world.pass(.seconds(15))
        #expect(world.state(job) == .retrying)
        let stranger = world.register(
            World.registration("w9"),
            as: world.newSession(),
            held: [(job, 1, .running)]
        )
        #expect(world.verdicts(stranger) == [.kill], "only the worker that had it may go on")
        let answer = world.register(
            World.registration("w1"),
            as: world.newSession(),
            held: [(job, 1, .running)]
        )
        #expect(world.verdicts(answer) == [.adopt])
        #expect(world.state(job) == .assigned)
        #expect(world.attempt(job) == 2)
        world.pass(.seconds(14))
        #expect(world.state(job) == .assigned, "the wait that was over ends nothing")
        let late = world.register(
            World.registration("w1"),
            as: world.newSession(),
            held: [(job, 1, .running)]
        )
        #expect(world.verdicts(late) == [.kill])
        #expect(world.faults == [])
    }

    @Test func aFailureOfALostJobIsKnown() {
        var world = World()
        let first = world.worker("w1")
        let job = world.job()
        world.pass(.seconds(15))
        #expect(world.assigned(first) == [job])
        let answer = world.register(
            World.registration("w1"),
            as: world.newSession(),
            held: [(job, 1, .failed)]
        )
        #expect(world.verdicts(answer) == [.done])
    }

    // R2: register worker again updates the registration and keeps what runs.
    @Test func updatingARegistrationKeepsCountersAndJobs() {
        var world = World()
        let session = world.worker("w1", slots: 1, credit: 3)
        let job = world.job()
        let next = world.job()
        #expect(world.state(next) == .queued)
        let answer = world.register(
            World.registration("w1", slots: 2),
            as: session,
            held: [(job, 1, .running)]
        )
        #expect(world.verdicts(answer) == [])
        #expect(world.assigned(session) == [job, next])
        world.finishAll(session)
        world.job()
        world.job()
        #expect(world.assigned(session).count == 3)
        #expect(world.faults == [])
    }

    @Test func heartbeatsLeaveOutWhatIsNotSeenYet() {
        var world = World()
        let session = world.worker("w1", slots: 3)
        let one = world.job()
        let two = world.job()
        world.heartbeat(session, seen: 0)
        world.heartbeat(session, seen: 1, open: [(one, 1)])
        world.heartbeat(session, seen: 2, open: [(one, 1), (two, 1)])
        world.report(session, one, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        world.heartbeat(session, seen: 2, open: [(two, 1)])
        // Received and ended between two heartbeats.
        let three = world.job()
        world.report(session, three, 1, .finished(nil, ReportItem.Finish(hasNoFile: true)))
        world.heartbeat(session, seen: 3, open: [(two, 1)])
        // Revoked, and held until the worker says so.
        _ = world.cancel(two)
        world.heartbeat(session, seen: 3, open: [(two, 1)])
        world.report(session, two, 1, .released(.revoked, error: nil))
        world.heartbeat(session, seen: 3)
        #expect(world.inventories(session) == 0)
        #expect(world.faults == [])
    }

    @Test func aMismatchIsCorrectedBothWays() {
        var world = World()
        let session = world.worker("w1", slots: 4)
        let ours = world.job()
        let both = world.job()
        let theirs = world.job { $0.encoders = ["none"] }
        world.heartbeat(session, seen: 2, open: [(both, 1), (theirs, 4)])
        world.heartbeat(session, seen: 2, open: [(both, 1), (theirs, 4)])
        #expect(world.inventories(session) == 1, "asked once")
        world.credit(session, 2)
        let held = [(both, UInt32(1), HeldAttempt.Phase.running), (theirs, 4, .running)]
            .map(world.resolved)
        world.scheduler.handle(.inventory(session, assignedSeen: 2, held), now: world.now)
        world.settle()
        #expect(world.revoked(session).map(\.0) == [theirs])
        #expect(world.revoked(session).map(\.1) == [.stale])
        #expect(world.attempt(ours) == 2, "uncounted, and handed out again")
        #expect(world.retries(ours) == 0)
        #expect(world.state(both) == .assigned)
        world.report(session, theirs, 4, .released(.revoked, error: nil))
        world.heartbeat(session, seen: 3, open: [(both, 1), (ours, 2)])
        #expect(world.inventories(session) == 1)
        #expect(world.faults == [])
    }

    @Test func anAdminsDrainOutlivesTheConnection() {
        var world = World()
        world.model.workers["w1"] = WorkerRow(
            registration: World.registration("w1"),
            registered: World.start.wall,
            isDraining: true
        )
        world.restart()
        let session = world.worker("w1")
        world.job()
        #expect(world.assigned(session).isEmpty)
        #expect(world.model.workers["w1"]?.isDraining == true)
    }

    // A worker that wanted to end is no failure, and a new scheduler has heard of nobody yet.
    @Test func aViewTellsTheStoppedFromTheDeadAndTheUnheard() {
        var world = World()
        let stopped = world.worker("stopped")
        let killed = world.worker("killed")
        world.credit(stopped, 0, isDraining: true)
        world.close(stopped, isFarewell: true)
        world.processGone(killed)
        var views = world.views()
        #expect(views.map(\.state) == [.known(.dead), .known(.dead)])
        #expect(views.map(\.name) == ["killed", "stopped"])
        #expect(views.map(\.isStopped) == [false, true])
        #expect(views.map(\.isDraining) == [false, false])
        #expect(views.map(\.isUnheard) == [false, false])
        _ = world.worker("stopped")
        views = world.views()
        #expect(views.last?.isStopped == false && views.last?.state == .known(.alive))
        world.restart()
        #expect(world.views().map(\.isUnheard) == [true, true])
        _ = world.worker("killed")
        #expect(world.views().filter(\.isUnheard).map(\.name) == ["stopped"])
    }

    // The end of the process may be heard of before the farewell, which then says nothing new.
    @Test func aDrainedWorkerWhoseProcessEndsIsStoppedToo() {
        var world = World()
        let session = world.worker("w1")
        world.credit(session, 0, isDraining: true)
        world.processGone(session)
        world.close(session, isFarewell: true)
        #expect(world.views().map(\.isStopped) == [true])
        #expect(world.scheduler.metrics.workerFailures == 0)
        #expect(world.notes.contains(.workerLeft(name: "w1")))
        let again = world.worker("w1")
        let job = world.job()
        world.start(again, job, 1)
        world.credit(again, 0, isDraining: true)
        world.processGone(again)
        #expect(world.views().map(\.isStopped) == [false], "it held a job")
        #expect(world.state(job) == .retrying)
        #expect(world.faults == [])
    }
}
