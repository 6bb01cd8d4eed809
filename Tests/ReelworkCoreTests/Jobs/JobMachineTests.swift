// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what one job may do, every event in every state.

import ReelworkCore
import Testing

/// Goal: every cell of event × state does what R1, R2 and R5 say.
///
/// Method: tables written by hand; a cell names the states that are stepped through, "-" for no
/// step, or "!" and the refusal. The machines have attempt 2.
struct JobMachineTests {
    private static let states: [JobState] = [
        .queued, .assigned, .running, .completed, .failed, .timedOut, .retrying, .canceled,
        .rejected,
    ]
    private static let current = AttemptNumber(2)

    /// One failure of three so far, no grant.
    private static let plain: [(JobEvent, String)] = [
        // queued | assigned | running | completed | failed | timed_out | retrying | canceled |
        // rejected
        (.assigned, "a|!move|!move|!move|!move|!move|!move|!move|!move"),
        (.started(current), "!stale|r|-|!stale|!stale|!stale|!stale|!stale|!stale"),
        (.ready(current), "!stale|!move|-|!stale|!stale|!stale|!stale|!stale|!stale"),
        (.finished(current, .own), "!stale|!grant|!grant|-|!stale|!stale|!stale|!stale|!stale"),
        (.finished(current, .noFile), "!stale|rc|c|-|!stale|!stale|!stale|!stale|!stale"),
        (
            .finished(current, .adopted(AttemptNumber(1))),
            "!stale|!grant|!grant|-|!stale|!stale|!stale|!stale|!stale"
        ),
        (.failed(current, .runtimeError, final: false), "-|y|y|!stale|-|-|-|-|-"),
        (.failed(current, .timeout, final: false), "-|y|y|!stale|-|-|-|-|-"),
        (.failed(current, .networkError, final: false), "-|y|y|!stale|-|-|-|-|-"),
        (.failed(current, .platformError, final: false), "-|y|y|!stale|-|-|-|-|-"),
        (.failed(current, .resourceError, final: false), "-|y|y|!stale|-|-|-|-|-"),
        (.failed(current, .capabilityMismatch, final: false), "-|y|y|!stale|-|-|-|-|-"),
        (.failed(current, .userError, final: false), "-|f|f|!stale|-|-|-|-|-"),
        (.failed(current, .inputError, final: false), "-|f|f|!stale|-|-|-|-|-"),
        (.failed(current, .runtimeError, final: true), "-|f|f|!stale|-|-|-|-|-"),
        (.released(current), "-|y|y|-|-|-|-|-|-"),
        (.timedOut, "!move|ty|ty|!move|!move|!move|!move|!move|!move"),
        (.workerLost, "-|y|y|!move|!move|!move|-|!move|!move"),
        (.assignmentLost, "-|y|y|!move|!move|!move|-|!move|!move"),
        (.backoffElapsed, "-|!move|!move|!move|!move|!move|q|!move|!move"),
        (.adopted(current), "a|!stale|!stale|!stale|!stale|!stale|qa|!stale|!stale"),
        (.canceled, "x|x|x|!move|!move|!move|x|-|!move"),
        (.rejected, "j|!move|!move|!move|!move|!move|!move|!move|-"),
        (.requeued, "-|yq|yq|!move|!move|!move|q|!move|!move"),
        (.hastened, "yq|!move|!move|!move|!move|!move|!move|!move|!move"),
        (.failedByForce, "yf|f|f|!move|-|!move|f|!move|!move"),
        (.quarantined, "yf|f|f|!move|-|!move|f|!move|!move"),
    ]

    /// All retries spent, no grant: what differs from `plain`.
    private static let spent: [(JobEvent, String)] = [
        (.failed(current, .runtimeError, final: false), "-|f|f|!stale|-|-|-|-|-"),
        (.failed(current, .resourceError, final: false), "-|f|f|!stale|-|-|-|-|-"),
        (.failed(current, .capabilityMismatch, final: false), "-|y|y|!stale|-|-|-|-|-"),
        (.released(current), "-|y|y|-|-|-|-|-|-"),
        (.timedOut, "!move|tf|tf|!move|!move|!move|!move|!move|!move"),
        (.workerLost, "-|f|f|!move|!move|!move|-|!move|!move"),
        (.assignmentLost, "-|y|y|!move|!move|!move|-|!move|!move"),
        (.requeued, "-|yq|yq|!move|!move|!move|q|!move|!move"),
    ]

    /// The current attempt was granted, and no later one has looked; retries are left.
    private static let granted: [(JobEvent, String)] = [
        (.finished(current, .own), "!stale|rc|c|-|!stale|!stale|!stale|!stale|!stale"),
        (.finished(current, .adopted(current)), "!stale|rc|c|-|!stale|!stale|!stale|!stale|!stale"),
        (
            .finished(current, .adopted(AttemptNumber(3))),
            "!stale|!grant|!grant|-|!stale|!stale|!stale|!stale|!stale"
        ),
        (
            .finished(current, .adopted(.none)),
            "!stale|!grant|!grant|-|!stale|!stale|!stale|!stale|!stale"
        ),
        (.canceled, "!publishing|!publishing|!publishing|!move|!move|!move|!publishing|-|!move"),
        (.rejected, "!publishing|!move|!move|!move|!move|!move|!move|!move|-"),
        (
            .failedByForce,
            "!publishing|!publishing|!publishing|!move|-|!publishing|!publishing"
                + "|!move|!move"
        ),
        (.requeued, "-|yq|yq|!move|!move|!move|q|!move|!move"),
        (.hastened, "yq|!move|!move|!move|!move|!move|!move|!move|!move"),
        (.workerLost, "-|y|y|!move|!move|!move|-|!move|!move"),
        (.timedOut, "!move|ty|ty|!move|!move|!move|!move|!move|!move"),
        (.quarantined, "-|y|y|!move|-|!move|-|!move|!move"),
    ]

    /// Granted, and all retries spent: a lost attempt gets one that looks.
    private static let grantedSpent: [(JobEvent, String)] = [
        (.workerLost, "-|y|y|!move|!move|!move|-|!move|!move"),
        (.timedOut, "!move|ty|ty|!move|!move|!move|!move|!move|!move"),
        (.failed(current, .runtimeError, final: false), "-|f|f|!stale|-|-|-|-|-"),
        (.quarantined, "-|y|y|!move|-|!move|-|!move|!move"),
    ]

    /// Reports of an attempt that is not the current one.
    private static let stale: [JobEvent] = [AttemptNumber.none, AttemptNumber(1), AttemptNumber(3)]
        .flatMap { old -> [JobEvent] in
            [
                .started(old), .ready(old), .finished(old, .own), .finished(old, .noFile),
                .failed(old, .runtimeError, final: false), .failed(old, .userError, final: true),
                .released(old), .adopted(old),
            ]
        }

    private func machine(
        _ state: JobState,
        retries: UInt16 = 1,
        isGranted: Bool = false
    ) -> JobMachine {
        JobMachine(
            restoring: state,
            attempt: Self.current,
            retryCount: retries,
            retriesMax: 3,
            moves: 7,
            granted: isGranted ? Self.current : .none,
            isGrantOpen: isGranted
        )
    }

    private func check(
        _ rows: [(JobEvent, String)],
        retries: UInt16 = 1,
        isGranted: Bool = false
    ) {
        for (event, row) in rows {
            let cells = row.split(separator: "|").map(String.init)
            #expect(cells.count == 9, "\(event)")
            for (state, cell) in zip(Self.states, cells) {
                let before = machine(state, retries: retries, isGranted: isGranted)
                var after = before
                let outcome = MachineProbe.outcome(of: event, on: &after)
                #expect(outcome == cell, "\(event) in \(state)")
                MachineProbe.checkInvariants(before, after, event, outcome)
            }
        }
    }

    @Test func everyEventInEveryState() {
        check(Self.plain)
    }

    @Test func whereTheRetriesAreSpent() {
        check(Self.spent, retries: 3)
    }

    @Test func whereTheCurrentAttemptHasAGrant() {
        check(Self.granted, isGranted: true)
    }

    @Test func whereAGrantIsOpenAndTheRetriesAreSpent() {
        check(Self.grantedSpent, retries: 3, isGranted: true)
    }

    // A grant is open: the film may stand, so the attempt after it looks, and nothing else.
    // Whatever it says but that the film stands is the end, with retries left or not.
    @Test(arguments: [JobState.queued, .assigned, .running, .retrying])
    func aJobInQuarantineIsLookedForOnceMore(state: JobState) throws {
        var machine = machine(state, isGranted: true)
        _ = try machine.handle(.quarantined)
        #expect(machine.isLookOnly)
        if machine.state == .retrying { _ = try machine.handle(.backoffElapsed) }
        _ = try machine.handle(.assigned)
        var found = machine
        _ = try found.handle(.finished(found.attempt, .adopted(Self.current)))
        #expect(found.state == .completed)
        _ = try machine.handle(.started(machine.attempt))
        _ = try machine.handle(.failed(machine.attempt, .runtimeError, final: false))
        #expect(machine.state == .failed)
    }

    @Test func reportsOfAnotherAttemptAreStaleInEveryState() {
        for event in Self.stale {
            for state in Self.states {
                let before = machine(state, isGranted: true)
                var after = before
                #expect(
                    MachineProbe.outcome(of: event, on: &after) == "!stale",
                    "\(event) \(state)"
                )
                #expect(after == before)
            }
        }
    }

    @Test func attemptZeroIsNoAttempt() {
        // A job that was never handed out can be neither reported on nor adopted.
        let (fresh, _) = JobMachine.submitted(retriesMax: 3)
        let events: [JobEvent] = [
            .started(.none), .ready(.none), .finished(.none, .noFile), .released(.none),
            .failed(.none, .runtimeError, final: false), .adopted(.none),
        ]
        for event in events {
            var machine = fresh
            #expect(MachineProbe.outcome(of: event, on: &machine) == "!stale", "\(event)")
            #expect(machine == fresh)
        }
    }

    @Test func countersAtTheirEndsRefuseInsteadOfTrapping() {
        var moves = JobMachine(restoring: .queued, retriesMax: 3, moves: .max)
        #expect(MachineProbe.outcome(of: .assigned, on: &moves) == "!move")
        var attempts = JobMachine(
            restoring: .queued,
            attempt: AttemptNumber(.max),
            retriesMax: 3,
            moves: 1
        )
        #expect(MachineProbe.outcome(of: .assigned, on: &attempts) == "!move")
    }

    @Test func anIllegalMoveNamesBothStatesAndTheLegalOnes() {
        var machine = machine(.assigned)
        #expect(throws: JobRefusal.illegalMove(from: .assigned, to: .assigned)) {
            try machine.handle(.assigned)
        }
        let text = JobRefusal.illegalMove(from: .assigned, to: .completed).explanation
        for word in ["assigned", "completed", "running", "retrying", "failed", "canceled"] {
            #expect(text.contains(word))
        }
        #expect(JobRefusal.illegalMove(from: .failed, to: .queued).explanation.contains("final"))
    }
}
