// SPDX-License-Identifier: Apache-2.0
// Reelwork: the law of a history

import ReelworkClient
import ReelworkCore
import Testing

/// Expects a history without a gap, of legal moves only, whose fold is `state`.
func expectLawful(_ moves: [Move], _ state: JobState, _ number: JobNumber) {
    #expect(
        moves.map(\.sequence) == (1...UInt64(max(1, moves.count))).map { $0 },
        "job \(number): a gap in \(moves.map(\.sequence))"
    )
    var current: JobState?
    for move in moves {
        #expect(
            move.from?.value == current,
            "job \(number): \(move) does not start where the last one ended"
        )
        if let current, let to = move.to.value {
            #expect(current.canMove(to: to), "job \(number): illegal \(current) -> \(to)")
        } else {
            #expect(move.to == .known(.queued), "job \(number): begins with \(move.to)")
        }
        current = move.to.value
    }
    #expect(current == state, "job \(number): the history folds to something else")
}
