// SPDX-License-Identifier: Apache-2.0
// Reelwork: writes the parts of a batch

import GRDB
import ReelworkCore

/// Writes the parts of a batch about jobs, within the transaction that the caller opened.
struct BatchWriter {
    let database: Database

    func insert(_ inserts: [JobInsert]) throws {
        guard let first = inserts.first else { return }
        var lowest = first.number
        var highest = first.number
        for insert in inserts {
            lowest = min(lowest, insert.number)
            highest = max(highest, insert.number)
        }
        let last = try BoundStatement(
            database,
            "UPDATE meta SET number_last = ?1 WHERE number_last < ?2"
        )
        try last.bind(highest, at: 1)
        try last.bind(lowest, at: 2)
        try last.run()
        guard last.changed == 1 else {
            throw StoreError.refused("the number of job \(lowest) was given before")
        }
        let statement = try BoundStatement(
            database,
            """
            INSERT INTO job (number, id, key, tenant, queue, priority, retries_max, created,
                retry_of, spec) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        for insert in inserts {
            try statement.bind(insert.number, at: 1)
            try statement.bind(insert.id, at: 2)
            try statement.bind(insert.key, at: 3)
            try statement.bind(insert.tenant, at: 4)
            try statement.bind(Int64(insert.queue.rawValue), at: 5)
            try statement.bind(Int64(insert.priority.rawValue), at: 6)
            try statement.bind(Int64(insert.retriesMax), at: 7)
            try statement.bind(insert.created.milliseconds, at: 8)
            if let parent = insert.retryOf {
                try statement.bind(parent, at: 9)
            } else {
                try statement.bind(Int64?.none, at: 9)
            }
            try statement.bind(insert.spec, at: 10)
            try statement.run()
        }
    }

    func write(_ rows: [JobRow], _ changes: [JobChange]) throws {
        guard !rows.isEmpty else { return }
        let columns = """
            state, attempt, retry_count, moves, granted, is_grant_open, is_look_only, rank, worker,
            engine, not_before, started, completed, deadline, failure, error
            """
        let insert = try BoundStatement(
            database,
            """
            INSERT INTO job_state (\(columns), number)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        // The row is written only where it stands as the batch supposes.
        let update = try BoundStatement(
            database,
            """
            UPDATE job_state SET (\(columns)) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            WHERE number = ? AND state = ? AND moves = ? AND attempt = ?
            """
        )
        for (row, change) in zip(rows, changes) {
            guard let stateBefore = change.stateBefore else {
                try bind(row, to: insert)
                try insert.run()
                continue
            }
            try bind(row, to: update)
            try update.bind(Int64(stateBefore.rawValue), at: 18)
            try update.bind(Int64(change.movesBefore), at: 19)
            try update.bind(Int64(change.attemptBefore.rawValue), at: 20)
            try update.run()
            guard update.changed == 1 else {
                throw StoreError.refused(
                    "job \(row.number) is not in \(stateBefore.name) after "
                        + "\(change.movesBefore) moves"
                )
            }
        }
    }

    private func bind(_ row: JobRow, to statement: BoundStatement) throws {
        let machine = row.machine
        try statement.bind(Int64(machine.state.rawValue), at: 1)
        try statement.bind(Int64(machine.attempt.rawValue), at: 2)
        try statement.bind(Int64(machine.retryCount), at: 3)
        try statement.bind(Int64(machine.moves), at: 4)
        try statement.bind(Int64(machine.granted.rawValue), at: 5)
        try statement.bind(machine.isGrantOpen ? Int64(1) : 0, at: 6)
        try statement.bind(machine.isLookOnly ? Int64(1) : 0, at: 7)
        try statement.bind(row.rank.value, at: 8)
        try statement.bind(row.worker, at: 9)
        try statement.bind(row.engine, at: 10)
        try statement.bind(row.notBefore?.milliseconds, at: 11)
        try statement.bind(row.started?.milliseconds, at: 12)
        try statement.bind(row.completed?.milliseconds, at: 13)
        try statement.bind(row.deadline?.milliseconds, at: 14)
        try statement.bind(row.failure.map { Int64($0.rawValue) }, at: 15)
        try statement.bind(row.error, at: 16)
        try statement.bind(row.number, at: 17)
    }

    /// Inserts moves, many in one statement: most of the cost of a small row is the statement's.
    func insert(_ moves: [MoveRow]) throws {
        let size = BatchWriter.movesAtOnce
        var rest = moves[...]
        if rest.count >= size {
            let many = try BoundStatement(database, BatchWriter.insertMoves(size))
            while rest.count >= size {
                for (place, move) in rest.prefix(size).enumerated() {
                    try bind(move, to: many, after: Int32(place) * BatchWriter.moveColumns)
                }
                try many.run()
                rest = rest.dropFirst(size)
            }
        }
        guard !rest.isEmpty else { return }
        let one = try BoundStatement(database, BatchWriter.insertMoves(1))
        for move in rest {
            try bind(move, to: one, after: 0)
            try one.run()
        }
    }

    /// Moves that one statement inserts: more gains no more.
    private static let movesAtOnce = 16
    private static let moveColumns: Int32 = 11

    /// With ROLLBACK as what happens at a conflict, SQLite keeps no journal to undo the statement
    /// alone: the whole batch is undone anyway.
    private static func insertMoves(_ count: Int) -> String {
        let row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        return """
            INSERT OR ROLLBACK INTO move (number, seq, from_state, to_state, at, reason, attempt,
                worker, actor, failure, detail)
            VALUES \([String](repeating: row, count: count).joined(separator: ", "))
            """
    }

    private func bind(
        _ move: MoveRow,
        to statement: BoundStatement,
        after index: Int32
    ) throws {
        try statement.bind(move.number, at: index + 1)
        try statement.bind(Int64(move.sequence), at: index + 2)
        try statement.bind(move.step.from.map { Int64($0.rawValue) }, at: index + 3)
        try statement.bind(Int64(move.step.to.rawValue), at: index + 4)
        try statement.bind(move.at.milliseconds, at: index + 5)
        try statement.bind(move.reason, at: index + 6)
        try statement.bind(Int64(move.attempt.rawValue), at: index + 7)
        try statement.bind(move.worker, at: index + 8)
        try statement.bind(move.actor, at: index + 9)
        try statement.bind(move.failure.map { Int64($0.rawValue) }, at: index + 10)
        try statement.bind(move.detail, at: index + 11)
    }

    func write(_ grants: [GrantRow]) throws {
        guard !grants.isEmpty else { return }
        let statement = try BoundStatement(
            database,
            """
            INSERT INTO publish_grant (number, attempt, size, checksum, at)
            SELECT ?1, ?2, ?3, ?4, ?5 FROM job_state WHERE number = ?1 AND granted >= ?2
            ON CONFLICT (number, attempt) DO UPDATE
            SET size = excluded.size, checksum = excluded.checksum, at = excluded.at
            """
        )
        for row in grants {
            try statement.bind(row.number, at: 1)
            try statement.bind(Int64(row.grant.attempt.rawValue), at: 2)
            try statement.bind(Int64(bitPattern: row.grant.size), at: 3)
            try statement.bind(Int64(row.grant.checksum), at: 4)
            try statement.bind(row.at.milliseconds, at: 5)
            try statement.run()
            guard statement.changed == 1 else {
                throw StoreError.refused(
                    "a grant for job \(row.number) comes without a row that says so"
                )
            }
        }
    }

    func write(_ logs: [LogRow]) throws {
        guard !logs.isEmpty else { return }
        let statement = try BoundStatement(
            database,
            """
            INSERT INTO log (number, attempt, tail)
            SELECT ?1, ?2, ?3 FROM job WHERE number = ?1
            ON CONFLICT (number, attempt) DO UPDATE SET tail = excluded.tail
            """
        )
        for row in logs {
            try statement.bind(row.number, at: 1)
            try statement.bind(Int64(row.attempt.rawValue), at: 2)
            try statement.bind(row.tail, at: 3)
            try statement.run()
            guard statement.changed == 1 else {
                throw StoreError.refused("a log is of job \(row.number), which is not there")
            }
        }
    }
}
