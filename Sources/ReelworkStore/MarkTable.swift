// SPDX-License-Identifier: Apache-2.0
// Reelwork: what workers did to jobs, on disk

import GRDB
import ReelworkCore

/// What workers did to jobs that live, on disk.
struct MarkTable {
    let database: Database

    /// Writes marks; one that is there already stays as it is.
    func write(_ rows: [JobMarkRow]) throws {
        guard !rows.isEmpty else { return }
        let statement = try BoundStatement(
            database,
            """
            INSERT INTO job_worker (number, worker, kind, incarnation, at)
            SELECT ?1, ?2, ?3, ?4, ?5 FROM job WHERE number = ?1
            ON CONFLICT (number, worker, kind, incarnation) DO UPDATE SET at = at
            """
        )
        for row in rows {
            try statement.bind(row.number, at: 1)
            try statement.bind(row.worker, at: 2)
            try statement.bind(Int64(row.kind.rawValue), at: 3)
            try statement.bind(Int64(bitPattern: row.incarnation), at: 4)
            try statement.bind(row.at.milliseconds, at: 5)
            try statement.run()
            guard statement.changed == 1 else {
                throw StoreError.refused("a mark is of job \(row.number), which is not there")
            }
        }
    }

    /// Removes the marks of jobs that need them no more.
    func remove(_ numbers: [JobNumber]) throws {
        guard !numbers.isEmpty else { return }
        let statement = try BoundStatement(database, "DELETE FROM job_worker WHERE number = ?")
        for number in numbers {
            try statement.bind(number, at: 1)
            try statement.run()
        }
    }

    /// Reads every mark, in order of number, worker, kind and incarnation.
    func all() throws -> [JobMarkRow] {
        let statement = try BoundStatement(
            database,
            """
            SELECT number, worker, kind, incarnation, at FROM job_worker
            ORDER BY number, worker, kind, incarnation
            """
        )
        var rows: [JobMarkRow] = []
        while try statement.next() {
            let number = JobNumber(UInt64(clamping: statement.integer(0)))
            guard
                let kind = UInt8(exactly: statement.integer(2)).flatMap(JobMarkRow.Kind.init)
            else {
                statement.reset()
                throw StoreError.corrupt("job \(number) has a mark that has no meaning")
            }
            rows.append(
                JobMarkRow(
                    number: number,
                    worker: statement.text(1),
                    kind: kind,
                    incarnation: UInt64(bitPattern: statement.integer(3)),
                    at: Timestamp(milliseconds: statement.integer(4))
                )
            )
        }
        return rows
    }
}
