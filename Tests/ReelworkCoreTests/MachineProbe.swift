// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the tests of the job machine share.

import ReelworkCore
import Testing

/// Drives a machine and writes down what it did in few letters.
enum MachineProbe {
    private static func letter(_ state: JobState) -> String {
        switch state {
        case .queued: "q"
        case .assigned: "a"
        case .running: "r"
        case .completed: "c"
        case .failed: "f"
        case .timedOut: "t"
        case .retrying: "y"
        case .canceled: "x"
        case .rejected: "j"
        }
    }

    static func outcome(of event: JobEvent, on machine: inout JobMachine) -> String {
        var steps: JobSteps = .none
        return outcome(of: event, on: &machine, steps: &steps)
    }

    static func outcome(
        of event: JobEvent,
        on machine: inout JobMachine,
        steps: inout JobSteps
    ) -> String {
        do throws(JobRefusal) {
            steps = try machine.handle(event)
            return steps.isEmpty ? "-" : steps.map { letter($0.to) }.joined()
        } catch {
            switch error {
            case .illegalMove: return "!move"
            case .staleAttempt: return "!stale"
            case .publishing: return "!publishing"
            case .grantRequired: return "!grant"
            }
        }
    }

    static func checkInvariants(
        _ before: JobMachine,
        _ after: JobMachine,
        _ event: JobEvent,
        _ outcome: String
    ) {
        let steps = outcome.hasPrefix("!") || outcome == "-" ? "" : outcome
        #expect(after.moves == before.moves + UInt32(steps.count), "\(event)")
        let assigned = UInt32(steps.filter { $0 == "a" }.count)
        #expect(after.attempt.rawValue == before.attempt.rawValue + assigned, "\(event)")
        if before.state != .timedOut { #expect(after.state != .timedOut, "\(event)") }
        #expect(after.retryCount <= after.retriesMax, "\(event)")
        #expect(after.retryCount >= before.retryCount, "\(event)")
        #expect(after.granted <= after.attempt, "\(event)")
        if outcome.hasPrefix("!") { #expect(after == before, "\(event)") }
        if before.state.isTerminal { #expect(after.state == before.state, "\(event)") }
    }

    static func randomEvent(_ random: inout SplitMix, near attempt: AttemptNumber) -> JobEvent {
        let offset = UInt32(random.below(8))
        let reported = AttemptNumber(
            offset < 6
                ? attempt.rawValue
                : offset == 6 ? attempt.rawValue + 1 : attempt.rawValue / 2
        )
        let failure = FailureClass.allCases[random.below(FailureClass.allCases.count)]
        switch random.below(19) {
        case 0, 1: return .assigned
        case 2: return .started(reported)
        case 3: return .ready(reported)
        case 4: return .finished(reported, .own)
        case 5: return .finished(reported, .adopted(AttemptNumber(UInt32(random.below(4)))))
        case 6: return .failed(reported, failure, final: random.below(4) == 0)
        case 7: return .released(reported)
        case 8: return .timedOut
        case 9: return .workerLost
        case 10: return .assignmentLost
        case 11, 12, 13: return .backoffElapsed
        case 14: return .adopted(reported)
        case 15: return random.below(10) == 0 ? .canceled : .started(reported)
        case 16: return [.rejected, .hastened, .requeued, .requeued, .requeued][random.below(5)]
        case 17: return random.below(10) == 0 ? .quarantined : .workerLost
        default: return random.below(10) == 0 ? .failedByForce : .ready(reported)
        }
    }
}
