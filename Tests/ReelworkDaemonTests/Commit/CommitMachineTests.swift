// SPDX-License-Identifier: Apache-2.0
// Reelwork: which effects form a commit

import ReelworkCore
import ReelworkScheduling
import Testing

@testable import ReelworkDaemon

/// Goal: nothing is released before its batch is on disk, a full disk drops nothing, any other
/// failure ends the process.
///
/// Method: every state × event cell by script.
struct CommitMachineTests {
    private let now = BootInstant(nanoseconds: 0)

    private func effects() -> SchedulerEffects {
        var effects = SchedulerEffects()
        effects.batch.workersRemoved = ["w"]
        return effects
    }

    @Test func answersWithoutAChangeLeaveAtOnce() {
        var machine = CommitMachine()
        let actions = machine.handle(.effects(1, SchedulerEffects()), now: now)
        guard case .release(1, _)? = actions.first, actions.count == 1 else {
            Issue.record("\(actions)")
            return
        }
        #expect(machine.isIdle)
    }

    @Test func aBatchIsWrittenThenReleased() {
        var machine = CommitMachine()
        guard case .write? = machine.handle(.effects(1, effects()), now: now).first else {
            Issue.record("not written")
            return
        }
        #expect(machine.state == .writing(1))
        #expect(!machine.isIdle)
        guard case .release(1, _)? = machine.handle(.written, now: now).first else {
            Issue.record("not released")
            return
        }
        #expect(machine.isIdle)
    }

    @Test(arguments: [StoreError.full("x"), .locked("x")])
    func aFullOrLockedDiskHoldsTheBatchAndTriesAgain(error: StoreError) {
        var machine = CommitMachine()
        _ = machine.handle(.effects(1, effects()), now: now)
        guard case .beginReadOnly? = machine.handle(.failed(error), now: now).first else {
            Issue.record("not read-only")
            return
        }
        #expect(machine.handle(.tick, now: now).isEmpty)
        let later = now.advanced(by: CommitMachine.retryInterval)
        #expect(machine.nextTick == later)
        guard case .write(let batch)? = machine.handle(.tick, now: later).first else {
            Issue.record("not tried again")
            return
        }
        #expect(batch == effects().batch)
        #expect(machine.handle(.failed(error), now: later).isEmpty)
        let third = later.advanced(by: CommitMachine.retryInterval)
        _ = machine.handle(.tick, now: third)
        let actions = machine.handle(.written, now: third)
        guard actions.count == 2, case .endReadOnly = actions[0], case .release(1, _) = actions[1]
        else {
            Issue.record("\(actions)")
            return
        }
    }

    @Test(arguments: [
        StoreError.failed("x"), .corrupt("x"), .newer(found: 2, known: 1), .inUse("x"), .gone("x"),
        .unusable("x"), .refused("x"),
    ])
    func anyOtherFailureEndsTheProcessAndReleasesNothing(error: StoreError) {
        var machine = CommitMachine()
        _ = machine.handle(.effects(1, effects()), now: now)
        guard case .exit? = machine.handle(.failed(error), now: now).first else {
            Issue.record("no exit")
            return
        }
        #expect(machine.state == .stopped)
        for event in [CommitMachine.Event.written, .failed(error), .tick, .effects(2, effects())] {
            #expect(machine.handle(event, now: now).isEmpty)
        }
    }

    @Test func eventsWithoutACommitSayNothing() {
        var machine = CommitMachine()
        for event in [CommitMachine.Event.written, .failed(.full("x")), .tick] {
            #expect(machine.handle(event, now: now).isEmpty)
            #expect(machine.isIdle)
        }
    }
}
