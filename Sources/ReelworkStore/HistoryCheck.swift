// SPDX-License-Identifier: Apache-2.0
// Reelwork: every job's state is the fold of its moves

import GRDB
import ReelworkCore

/// Proves that every job's state is the fold of its moves.
///
/// Both tables are read once, in order of number, side by side; memory does not grow with them.
struct HistoryCheck {
    /// The fold of one job's moves.
    private struct Fold {
        var state: Int64?
        var moves: Int64 = 0
        var attempt: Int64 = 0
        var isLegal = true
    }

    let database: Database

    func run() throws -> StoreFinding {
        let jobs = try BoundStatement(
            database,
            "SELECT number, state, moves, attempt FROM job_state ORDER BY number"
        )
        let moves = try BoundStatement(
            database,
            """
            SELECT number, seq, from_state, to_state, attempt FROM move ORDER BY number, seq
            """
        )
        defer {
            jobs.reset()
            moves.reset()
        }
        var finding = StoreFinding(name: "history", isSound: true)
        var isMove = try moves.next()
        while try jobs.next() {
            let number = jobs.integer(0)
            // Moves of a job without a state are found by the check `orphans`.
            while isMove, moves.integer(0) < number { isMove = try moves.next() }
            var fold = Fold()
            while isMove, moves.integer(0) == number {
                add(moves, to: &fold)
                isMove = try moves.next()
            }
            finding.examined += 1
            let isSound =
                fold.isLegal && fold.state == jobs.integer(1) && fold.moves == jobs.integer(2)
                && fold.attempt == jobs.integer(3)
            if !isSound { finding.addBad(number) }
        }
        finding.isSound = finding.bad == 0
        finding.detail =
            finding.isSound
            ? "every job's state is the fold of its moves"
            : "\(finding.bad) jobs do not stand where their moves lead"
        return finding
    }

    private func add(_ move: BoundStatement, to fold: inout Fold) {
        let from = move.integerOrNil(2)
        let to = move.integer(3)
        fold.moves += 1
        if to == Int64(JobState.assigned.rawValue) { fold.attempt += 1 }
        let isStep =
            from.map { HistoryCheck.canMove($0, to) } ?? (to == Int64(JobState.queued.rawValue))
        if move.integer(1) != fold.moves || from != fold.state || !isStep
            || move.integer(4) != fold.attempt
        {
            fold.isLegal = false
        }
        fold.state = to
    }

    private static func canMove(_ from: Int64, _ to: Int64) -> Bool {
        guard let from = UInt8(exactly: from).flatMap(JobState.init),
            let to = UInt8(exactly: to).flatMap(JobState.init)
        else { return false }
        return from.canMove(to: to)
    }
}

extension StoreFinding {
    /// Counts a job that is wrong and names it among the first.
    mutating func addBad(_ number: Int64) {
        bad += 1
        guard examples.count < Limits.findingExamplesMax else { return }
        examples.append(JobNumber(UInt64(clamping: number)))
    }
}
