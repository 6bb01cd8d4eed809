// SPDX-License-Identifier: Apache-2.0
// Reelwork: bridges over gaps are legal

import ReelworkCore
import Testing

@testable import ReelworkStore

// Goal: a way over a gap exists wherever the law has one, and each of its steps is legal.
// Method: all 81 pairs of states.
@Suite struct ImportHistoryTests {
    @Test func everyWayIsLegalAndNoneLeadsOutOfTheEnd() {
        for from in JobState.allCases {
            for target in JobState.allCases {
                guard let way = ImportHistory.way(from: from, to: target) else {
                    #expect(from.isTerminal, "\(from.name) to \(target.name)")
                    continue
                }
                #expect(from == target ? way.isEmpty : way.last == target)
                var state = from
                for next in way {
                    #expect(state.canMove(to: next), "\(from.name) to \(target.name)")
                    state = next
                }
                #expect(way.count == 1 || !from.canMove(to: target))
            }
        }
    }

    @Test func anEndThatWasNoneIsTakenBackOnce() {
        let time = Timestamp(milliseconds: 5)
        var history = ImportHistory(at: time, reason: "", detail: "")
        let none = history.takeBackEnd()
        #expect(none == nil)
        let way = history.bridge(to: .completed, at: time, reason: "")
        #expect(way == [.assigned, .running, .completed])
        #expect(history.attempt == 1)
        let noWay = history.bridge(to: .running, at: time, reason: "")
        #expect(noWay == nil)
        let end = history.takeBackEnd()
        #expect(end == "completed at 1970-01-01T00:00:00.005Z")
        #expect(history.state == .running)
        let isMade = history.step(to: .queued, at: time, reason: "")
        #expect(!isMade)
    }
}
