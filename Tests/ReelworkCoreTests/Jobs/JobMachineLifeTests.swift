// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of whole lives of one job.

import ReelworkCore
import Testing

/// Goal: retries, grants and looks over whole lives, and the invariants under any order of events.
///
/// Method: scripted lives, and seeded random ones.
struct JobMachineLifeTests {
    private func run(_ machine: inout JobMachine, _ events: [JobEvent]) -> [String] {
        events.map { MachineProbe.outcome(of: $0, on: &machine) }
    }

    @Test func threeRetriesAreFourCountedRuns() {
        var (machine, first) = JobMachine.submitted(retriesMax: 3)
        #expect(Array(first) == [JobStep(from: nil, to: .queued)])
        var runs = 0
        while !machine.state.isTerminal {
            #expect(MachineProbe.outcome(of: .assigned, on: &machine) == "a")
            runs += 1
            #expect(MachineProbe.outcome(of: .started(machine.attempt), on: &machine) == "r")
            let failure = JobEvent.failed(machine.attempt, .runtimeError, final: false)
            #expect(MachineProbe.outcome(of: failure, on: &machine) == (runs < 4 ? "y" : "f"))
            guard !machine.state.isTerminal else { break }
            #expect(MachineProbe.outcome(of: .backoffElapsed, on: &machine) == "q")
        }
        #expect(runs == 4)
        #expect(machine.state == .failed)
        #expect(machine.retryCount == 3)
        #expect(machine.attempt == AttemptNumber(4))
    }

    @Test func handBacksAndRequeuesAreNotCounted() {
        var (machine, _) = JobMachine.submitted(retriesMax: 1)
        for _ in 0..<20 {
            #expect(run(&machine, [.assigned]) == ["a"])
            #expect(run(&machine, [.released(machine.attempt), .backoffElapsed]) == ["y", "q"])
            #expect(run(&machine, [.assigned, .requeued]) == ["a", "yq"])
            #expect(
                run(&machine, [.assigned, .assignmentLost, .backoffElapsed]) == ["a", "y", "q"]
            )
            #expect(run(&machine, [.assigned]) == ["a"])
            let mismatch = JobEvent.failed(machine.attempt, .capabilityMismatch, final: false)
            #expect(run(&machine, [mismatch, .backoffElapsed]) == ["y", "q"])
        }
        #expect(machine.retryCount == 0)
        #expect(machine.attempt == AttemptNumber(80))
    }

    @Test func noRetriesMeansOneRun() {
        var (machine, _) = JobMachine.submitted(retriesMax: 0)
        #expect(run(&machine, [.assigned, .timedOut]) == ["a", "tf"])
    }

    @Test func aLostGrantGetsOneAttemptThatOnlyLooks() {
        var (machine, _) = JobMachine.submitted(retriesMax: 0)
        let one = AttemptNumber(1)
        let two = AttemptNumber(2)
        #expect(run(&machine, [.assigned, .started(one), .ready(one)]) == ["a", "r", "-"])
        #expect(machine.isGrantOpen && !machine.isLookOnly)
        #expect(run(&machine, [.workerLost, .canceled]) == ["y", "!publishing"])
        #expect(machine.isLookOnly)
        #expect(
            run(&machine, [.backoffElapsed, .canceled, .rejected])
                == ["q", "!publishing", "!publishing"]
        )
        #expect(run(&machine, [.assigned, .canceled]) == ["a", "!publishing"])
        var found = machine
        #expect(run(&found, [.finished(two, .own)]) == ["!grant"])
        #expect(run(&found, [.finished(two, .adopted(one))]) == ["rc"])
        #expect(found.retryCount == 0)
        var missing = machine
        #expect(run(&missing, [.failed(two, .runtimeError, final: false)]) == ["f"])
        var lost = machine
        // Lost before it looked: another has to look. Lost after: the retries are spent.
        #expect(run(&lost, [.workerLost]) == ["y"])
        var looked = machine
        #expect(run(&looked, [.started(two), .workerLost]) == ["r", "f"])
    }

    @Test func aStartedLaterAttemptHasLookedSoCancelIsFree() {
        var (machine, _) = JobMachine.submitted(retriesMax: 3)
        let one = AttemptNumber(1)
        #expect(
            run(&machine, [.assigned, .started(one), .ready(one), .workerLost, .backoffElapsed])
                == ["a", "r", "-", "y", "q"]
        )
        #expect(
            run(&machine, [.assigned, .started(AttemptNumber(2)), .canceled]) == ["a", "r", "x"]
        )
        #expect(machine.granted == one)
    }

    @Test func anAdoptedAttemptIsANewOneAndTheOldOneIsStale() {
        var (machine, _) = JobMachine.submitted(retriesMax: 3)
        let one = AttemptNumber(1)
        #expect(
            run(&machine, [.assigned, .started(one), .workerLost, .adopted(one)])
                == ["a", "r", "y", "qa"]
        )
        #expect(machine.attempt == AttemptNumber(2))
        #expect(run(&machine, [.finished(one, .noFile), .adopted(one)]) == ["!stale", "!stale"])
        #expect(run(&machine, [.finished(AttemptNumber(2), .noFile)]) == ["rc"])
    }

    @Test func anyOrderOfEventsKeepsTheInvariants() {
        for seed in UInt64(1)...300 {
            var random = SplitMix(seed)
            var (machine, steps) = JobMachine.submitted(retriesMax: UInt16(random.below(4)))
            var history = Array(steps)
            for _ in 0..<200 {
                let before = machine
                let event = MachineProbe.randomEvent(&random, near: machine.attempt)
                var made: JobSteps = .none
                let outcome = MachineProbe.outcome(of: event, on: &machine, steps: &made)
                MachineProbe.checkInvariants(before, machine, event, outcome)
                history += made
            }
            // The fold of the steps is the state, without a break.
            var state: JobState?
            var attempts: UInt32 = 0
            for step in history {
                #expect(step.from == state, "seed \(seed)")
                if step.to == .assigned { attempts += 1 }
                state = step.to
            }
            #expect(state == machine.state, "seed \(seed)")
            #expect(attempts == machine.attempt.rawValue, "seed \(seed)")
            #expect(history.count == Int(machine.moves), "seed \(seed)")
        }
    }
}
