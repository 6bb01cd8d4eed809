// SPDX-License-Identifier: Apache-2.0
// Reelwork: queues on disk

import GRDB
import ReelworkCore

/// Queues on disk: one row for each that was ever paused.
struct QueueTable {
    let database: Database

    /// Writes how queues stand in place of what was known of them.
    func write(_ rows: [QueueRow]) throws {
        guard !rows.isEmpty else { return }
        let statement = try BoundStatement(
            database,
            """
            INSERT INTO queue (queue, paused_at, actor, reason) VALUES (?, ?, ?, ?)
            ON CONFLICT (queue) DO UPDATE SET paused_at = excluded.paused_at,
                actor = excluded.actor, reason = excluded.reason
            """
        )
        for row in rows {
            try statement.bind(Int64(row.queue.rawValue), at: 1)
            try statement.bind(row.paused?.milliseconds, at: 2)
            try statement.bind(row.actor, at: 3)
            try statement.bind(row.reason, at: 4)
            try statement.run()
        }
    }

    /// Reads every row, in order of number.
    func all() throws -> [QueueRow] {
        let statement = try BoundStatement(
            database,
            "SELECT queue, paused_at, actor, reason FROM queue ORDER BY queue"
        )
        var rows: [QueueRow] = []
        while try statement.next() {
            guard let queue = UInt8(exactly: statement.integer(0)).flatMap(JobQueue.init) else {
                statement.reset()
                throw StoreError.corrupt("a queue has a number that has no meaning")
            }
            rows.append(
                QueueRow(
                    queue: queue,
                    paused: statement.integerOrNil(1).map { Timestamp(milliseconds: $0) },
                    actor: statement.text(2),
                    reason: statement.text(3)
                )
            )
        }
        return rows
    }
}
