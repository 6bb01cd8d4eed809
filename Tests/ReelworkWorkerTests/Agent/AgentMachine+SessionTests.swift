// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what is assigned more than once

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// Goal: R2: an assignment that comes again starts nothing: as the same frame, and under a later
/// index.
///
/// Another attempt of the job is another assignment.
///
/// Method: the machine is told what a scheduler sent twice. Seed: IdempotentAssignment.
struct AgentMachineSessionTests {
    private func started(_ script: AgentScript) -> [AttemptNumber] {
        script.last.compactMap {
            if case .start(let assignment) = $0 { assignment.attempt } else { nil }
        }
    }

    @Test func anAssignmentThatComesAgainStartsNothing() {
        var script = AgentScript(slots: 4)
        script.register()
        script.assign(AgentScript.assignment(1))
        #expect(started(script) == [AttemptNumber(1)])
        let before = script.machine.holdings.count
        for index in [1, 1, 2, 2] as [UInt64] {
            script.step(.assigned(firstIndex: index, [AgentScript.assignment(1)]))
            #expect(started(script) == [])
            #expect(script.machine.holdings.count == before)
        }
        script.step(.assigned(firstIndex: 3, [AgentScript.assignment(1, attempt: 2)]))
        #expect(started(script) == [AttemptNumber(2)])
    }
}
