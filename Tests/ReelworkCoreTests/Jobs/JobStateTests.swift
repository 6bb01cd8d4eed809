// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the table of legal moves.

import ReelworkCore
import Testing

/// Goal: the nineteen legal moves of R1 and no other.
///
/// Method: all 81 pairs against the table written down here.
struct JobStateTests {
    // Columns in the order of the states: L legal, = the same state, . refused.
    private static let table: [(JobState, String)] = [
        // to:          q a r c f t y x j
        (.queued, "=L....LLL"),
        (.assigned, ".=L.LLLL."),
        (.running, "..=LLLLL."),
        (.completed, "...=....."),
        (.failed, "....=...."),
        (.timedOut, "....L=L.."),
        (.retrying, "L...L.=L."),
        (.canceled, ".......=."),
        (.rejected, "........="),
    ]
    private static let states: [JobState] = [
        .queued, .assigned, .running, .completed, .failed, .timedOut, .retrying, .canceled,
        .rejected,
    ]

    // Seed: TestValidateTransition, and the pairs that it leaves out.
    @Test func all81PairsAreAsTheTableSays() throws {
        var counts: [Character: Int] = [:]
        for (from, row) in Self.table {
            #expect(row.count == 9)
            for (to, cell) in zip(Self.states, row) {
                counts[cell, default: 0] += 1
                #expect(from.canMove(to: to) == (cell == "L"), "\(from) → \(to)")
                #expect(from.successors.contains(to) == (cell == "L"), "\(from) → \(to)")
                #expect((from == to) == (cell == "="))
            }
        }
        #expect(counts == ["L": 19, "=": 9, ".": 53])
    }

    @Test func onlyStatesWithoutSuccessorsAreTerminal() {
        let terminal: [JobState] = [.completed, .failed, .canceled, .rejected]
        for state in JobState.allCases {
            #expect(state.isTerminal == terminal.contains(state))
            #expect(state.isTerminal == state.successors.isEmpty)
            #expect(state.isHeld == (state == .assigned || state == .running))
        }
    }

    @Test func numbersAreThoseOfTheSpecification() {
        #expect(Self.states.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(JobState(rawValue: 0) == nil)
        #expect(JobState(rawValue: 10) == nil)
    }

    @Test(arguments: [
        ("pending", JobState.queued), ("processing", .running), ("paused", .assigned),
        ("PENDING", .queued), ("timed_out", .timedOut), ("TIMED_OUT", .timedOut),
    ])
    func legacyNamesAreRead(name: String, state: JobState) {
        #expect(JobState(name: name) == state)
    }

    @Test(arguments: ["", "done", "timedout", "queued ", "7"])
    func otherNamesAreNot(name: String) {
        #expect(JobState(name: name) == nil)
    }

    @Test func namesAreReadBack() {
        for state in JobState.allCases {
            #expect(JobState(name: state.name) == state)
            #expect(JobState(name: state.logName) == state)
        }
    }
}
