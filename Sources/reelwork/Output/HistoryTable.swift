// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job's history as a table

import ReelworkCore

/// A job's history as a table.
enum HistoryTable {
    /// The table of moves.
    static func table(_ moves: [Move]) -> TextTable {
        var table = TextTable(
            ">SEQ",
            "TIME",
            "FROM",
            "TO",
            ">ATTEMPT",
            "WORKER",
            "ACTOR",
            "REASON",
            spare: ["SEQ", "FROM", "ACTOR", "WORKER", "ATTEMPT"]
        )
        for move in moves {
            table.add(
                [
                    "\(move.sequence)", move.at.text, move.from?.name ?? "", move.to.name,
                    move.attempt == .none ? "" : "\(move.attempt)", move.worker, move.actor,
                    words(move),
                ],
                styles: Terminal.Style.cell(3, move.to)
            )
        }
        return table
    }

    /// Why, with what was said besides.
    static func words(_ move: Move) -> String {
        guard let detail = move.detail, !detail.isEmpty, !move.reason.hasSuffix(detail) else {
            return move.reason
        }
        return "\(move.reason): \(detail)"
    }
}
