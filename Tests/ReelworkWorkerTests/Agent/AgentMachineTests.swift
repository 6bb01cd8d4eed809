// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the agent's machine

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// The agent's machine.
///
/// Goal: the rules of a session hold in every story. Method: scripts with a scheduler that keeps
/// count and checks credit, digest and spool at each step.
struct AgentMachineTests {
    typealias Script = AgentScript
    let key = AgentScript.key(1)

    /// A session with one job whose encoder runs.
    func running(slots: UInt64 = 2, isKilledOnLeaseLoss: Bool = false) -> AgentScript {
        var script = AgentScript(slots: slots)
        script.register()
        script.run(1, isKilledOnLeaseLoss: isKilledOnLeaseLoss)
        return script
    }

    @Test func carriesAJobFromAssignmentToTheEnd() {
        var script = running()
        #expect(script.limit == 2)
        script.say(key, .ready(Script.film))
        #expect(script.reported == [.ready])
        script.answer()
        #expect(script.hasGranted)
        script.say(key, .finished(Script.film, ReportItem.Finish()))
        #expect(script.reported.isEmpty)
        script.step(.closed(key))
        script.step(.spooled(key))
        #expect(script.reported == [.finished])
        #expect(script.limit == 3)
        script.answer()
        #expect(script.spooled.isEmpty)
        #expect(script.machine.holdings.isEmpty)
    }

    @Test func releasedIsNeitherSpooledNorKept() {
        // Goal: what was handed back is forgotten with the connection; the scheduler takes it back.
        var script = running()
        script.step(
            .revoked([
                Revocation(
                    number: JobNumber(1),
                    attempt: AttemptNumber(1),
                    because: .known(.canceled)
                )
            ])
        )
        #expect(script.stops == [.revoked(grace: .zero)])
        script.say(key, .released(.revoked, error: nil))
        #expect(script.reported == [.released])
        script.step(.closed(key))
        #expect(script.spooled.isEmpty)
        script.disconnect()
        #expect(script.machine.holdings.isEmpty)
    }

    @Test func keepsAFinishedResultUntilItIsAnswered() {
        // Goal: a lost answer, and a life without a scheduler, cost no result.
        var script = running()
        script.say(key, .ready(Script.film))
        script.answer()
        script.say(key, .finished(Script.film, ReportItem.Finish()))
        script.step(.spooled(key))
        script.step(.closed(key))
        #expect(script.reported.isEmpty)
        script.disconnect()
        script.register()
        #expect(script.reported == [.finished])
        script.disconnect()
        script.register()
        #expect(script.reported == [.finished])
        script.answer([.storageReadOnly])
        #expect(script.reported.isEmpty)
        script.pass(.seconds(1))
        #expect(script.reported == [.finished])
        script.answer()
        #expect(script.machine.holdings.isEmpty)
    }

    @Test func asksAgainForAGrantWhoseAnswerWasLost() {
        var script = running()
        script.say(key, .ready(Script.film))
        script.disconnect()
        script.register()
        #expect(script.reported == [.started])
        script.answer()
        #expect(script.reported == [.ready])
        script.answer()
        #expect(script.hasGranted)
    }

    @Test func takesNoGrantAfterItsLease() {
        // Goal: an answer that comes too late is asked for again under a new lease.
        var script = running()
        script.say(key, .ready(Script.film))
        script.now = script.now.advanced(by: .seconds(20))
        script.reportsInFlight = 0
        script.step(
            .reported(
                [ItemResult(.ok)],
                sentAt: BootInstant(nanoseconds: 1_000_000_000)
            )
        )
        #expect(!script.hasGranted)
        script.step(.heartbeatAnswered(sentAt: script.now.boot))
        #expect(script.reported == [.ready])
        script.answer()
        #expect(script.hasGranted)
    }

    @Test func killsWhatTheVerdictKillsWithoutAWord() {
        var script = running()
        script.say(key, .ready(Script.film))
        script.disconnect()
        script.register { _ in Verdict(.known(.kill)) }
        #expect(script.stops == [.forgotten])
        #expect(script.reported.isEmpty)
        script.pass(.seconds(5))
        #expect(script.reported.isEmpty)
        script.say(key, .finished(Script.film, ReportItem.Finish()))
        #expect(script.spooled.isEmpty && script.reported.isEmpty)
        script.step(.closed(key))
        #expect(script.machine.holdings.isEmpty)
        #expect(script.limit == 2)
    }

    @Test func takesTooFewVerdictsForKills() {
        var script = running()
        script.disconnect()
        script.step(.connected)
        script.limit = 0
        script.step(
            .registered(
                heartbeat: .seconds(5),
                lease: .seconds(15),
                verdicts: [],
                sentAt: script.now.boot
            )
        )
        #expect(script.stops == [.forgotten])
    }

    @Test func clearsTheSpoolOfWhatIsDone() {
        var script = running()
        script.say(key, .failed(ReportItem.Failure(.runtimeError, error: "broke")))
        script.step(.closed(key))
        script.disconnect()
        script.register { _ in Verdict(.known(.done)) }
        #expect(script.spooled.isEmpty)
        #expect(script.machine.holdings.isEmpty)
    }

    @Test func goesOnUnderAnAdoptedAttempt() {
        // Goal: the same process, a new number; a waiting grant is asked for under it.
        var script = running()
        script.say(key, .ready(Script.film))
        script.disconnect()
        script.register { _ in Verdict(.known(.adopt), attempt: AttemptNumber(4)) }
        #expect(script.items.map(\.attempt) == [AttemptNumber(4)])
        guard case .started(let start) = script.items.first?.content else {
            Issue.record("not started: \(script.items)")
            return
        }
        #expect(start.isResumed)
        script.answer()
        #expect(script.reported == [.ready])
        script.pass(.seconds(5))
    }

    @Test func publishesUnderTheOldGrantWhenAdopted() {
        // Goal: a granted film is not asked for again; its end names the granted attempt.
        var script = running()
        script.say(key, .ready(Script.film))
        script.answer()
        script.disconnect()
        script.register { _ in Verdict(.known(.adopt), attempt: AttemptNumber(4)) }
        #expect(script.reported == [.started])
        script.answer()
        #expect(script.reported.isEmpty)
        script.say(key, .finished(Script.film, ReportItem.Finish()))
        script.step(.spooled(key))
        guard case .finished(_, let finish) = script.items.first?.content else {
            Issue.record("not finished: \(script.items)")
            return
        }
        #expect(finish.adopted == AttemptNumber(1))
        #expect(script.items.first?.attempt == AttemptNumber(4))
    }

    @Test func asksOnceMoreWhereTheGrantIsLost() {
        // Goal: a scheduler restored from a backup that has no grant gets one more question.
        var script = running()
        script.say(key, .ready(Script.film))
        script.answer()
        script.say(key, .finished(Script.film, ReportItem.Finish()))
        script.step(.spooled(key))
        script.step(.closed(key))
        script.answer([.grantRequired])
        #expect(script.reported == [.started])
        script.answer()
        #expect(script.reported == [.ready])
        script.answer()
        #expect(script.reported == [.finished])
        script.answer([.grantRequired])
        #expect(script.machine.holdings.isEmpty)
    }

    @Test func letsGoOfAStaleAttempt() {
        var script = running()
        script.say(key, .ready(Script.film))
        script.answer([.staleAttempt])
        #expect(script.stops == [.revoked()])
        script.say(key, .released(.revoked, error: nil))
        script.step(.closed(key))
        #expect(script.reported == [] || script.reported == [.released])
        script.answer([.staleAttempt])
        #expect(script.machine.holdings.isEmpty)
    }

    @Test func startsNothingPastItsLease() {
        var script = running()
        script.now = script.now.advanced(by: .seconds(15))
        script.assign(Script.assignment(2))
        #expect(!script.hasStarted)
        #expect(script.reported == [.released])
    }

    @Test func stopsPastItsLeaseOnlyWhatNoGrantCanFence() {
        var script = running(isKilledOnLeaseLoss: true)
        script.run(2)
        script.disconnect()
        #expect(script.machine.nextTick(now: script.now.boot) == script.machine.leaseEnd)
        script.pass(.seconds(14))
        #expect(script.stops.isEmpty)
        script.pass(.seconds(1))
        #expect(script.stops == [.leaseLost])
        script.pass(.seconds(1))
        #expect(script.stops.isEmpty)
        #expect(script.machine.nextTick(now: script.now.boot) == .distantFuture)
    }

    @Test func asksForNoGrantPastItsLease() {
        var script = running()
        script.now = script.now.advanced(by: .seconds(15))
        script.say(key, .ready(Script.film))
        #expect(script.reported.isEmpty)
    }

    @Test func drainsWhenAllIsSaid() {
        var script = running()
        script.step(.drain)
        #expect(script.last.contains { if case .credit(2, true) = $0 { true } else { false } })
        script.step(.assigned(firstIndex: 2, [Script.assignment(2)]))
        #expect(!script.hasStarted && script.reported == [.released])
        script.reportsInFlight = 1
        script.answer()
        script.step(.drainDeadline)
        #expect(script.stops == [.draining])
        script.say(key, .released(.draining, error: nil))
        script.step(.closed(key))
        #expect(!script.hasDrained)
        script.answer()
        #expect(script.hasDrained)
    }

    @Test func drainsWithoutAScheduler() {
        var script = AgentScript()
        script.step(.drain)
        #expect(script.hasDrained)
        var busy = running()
        busy.disconnect()
        busy.step(.drain)
        busy.step(.drainDeadline)
        busy.say(key, .released(.draining, error: nil))
        busy.step(.closed(key))
        #expect(busy.hasDrained)
    }

    @Test func tellsWhatAnEarlierLifeLeft() {
        // Goal: a spooled result is in REGISTER with its phase, and goes out when it is kept.
        var script = AgentScript()
        let item = ReportItem(
            number: JobNumber(1),
            attempt: AttemptNumber(1),
            at: Timestamp(milliseconds: 1),
            content: .finished(Script.film, ReportItem.Finish())
        )
        script.machine.restore([(key, item)])
        script.keys[JobNumber(1)] = key
        script.spooled = [key]
        script.register { held in
            #expect(held.phase == .known(.published))
            return Verdict(.known(.keep))
        }
        #expect(script.reported == [.finished])
        #expect(script.limit == 2)
        script.answer()
        #expect(script.machine.holdings.isEmpty && script.spooled.isEmpty)
    }

    @Test func answersInventoryWithTheOpenSet() {
        var script = running()
        script.step(.inventoryAsked(request: 8))
        guard case .inventory(8, 1, let held) = script.last.first else {
            Issue.record("\(script.last)")
            return
        }
        #expect(held.map(\.id) == [Script.id(1)])
        script.say(key, .failed(ReportItem.Failure(.runtimeError, error: "broke")))
        script.step(.spooled(key))
        script.step(.inventoryAsked(request: 10))
        guard case .inventory(10, 1, []) = script.last.first else {
            Issue.record("\(script.last)")
            return
        }
    }

    @Test func opensAgainWhatARefusedReportWouldHaveEnded() {
        // Goal: where the scheduler took nothing of a report (its disk is full), both sides count
        // the attempt as open until the report is taken.
        var script = running()
        script.say(key, .failed(ReportItem.Failure(.runtimeError, error: "broke")))
        script.step(.spooled(key))
        #expect(script.reported == [.failed])
        script.step(.inventoryAsked(request: 1))
        guard case .inventory(1, 1, []) = script.last.first else {
            Issue.record("\(script.last)")
            return
        }
        script.step(.reportRefused(retryAfter: .seconds(1)))
        script.reportsInFlight = 0
        script.step(.inventoryAsked(request: 2))
        guard case .inventory(2, 1, let held) = script.last.first else {
            Issue.record("\(script.last)")
            return
        }
        #expect(held.map(\.id) == [Script.id(1)])
        script.pass(.seconds(1))
        #expect(script.reported == [.failed])
    }

    @Test func beatsWithinTheIntervalAndOneAtATime() {
        var script = AgentScript()
        script.register()
        let due = script.machine.nextTick(now: script.now.boot)
        let wait = due.since(script.now.boot)
        #expect(wait >= .seconds(4) && wait <= .seconds(5))
        script.pass(.seconds(5))
        #expect(script.last.contains { if case .heartbeat = $0 { true } else { false } })
        script.pass(.seconds(5))
        #expect(!script.last.contains { if case .heartbeat = $0 { true } else { false } })
    }

    @Test func trapsOnNoPeersNumbers() {
        // Goal: a scheduler that counts wildly is survived.
        var script = running()
        script.step(
            .assigned(
                firstIndex: .max,
                [Script.assignment(2), Script.assignment(3)]
            )
        )
        script.step(.reported([], sentAt: BootInstant(nanoseconds: .min)))
        script.step(
            .revoked([
                Revocation(
                    number: JobNumber(99),
                    attempt: AttemptNumber(.max),
                    because: .unknown(77)
                )
            ])
        )
        script.step(.closed(Script.key(55)))
        script.step(.spooled(Script.key(55)))
    }
}
