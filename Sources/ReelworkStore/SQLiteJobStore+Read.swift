// SPDX-License-Identifier: Apache-2.0
// Reelwork: what any thread may read

import GRDB
package import ReelworkCore

extension SQLiteJobStore {
    /// Reads every job that is not terminal, and all that scheduling must know beside them.
    package func load() throws(StoreError) -> StoreSnapshot {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT \(JobReader.columns)
                FROM job_state s CROSS JOIN job j ON j.number = s.number
                WHERE s.state < 4 OR s.state = 7 ORDER BY s.number
                """
            )
            return StoreSnapshot(
                nextNumber: JobNumber(UInt64(clamping: try Self.numberLast(database)) + 1),
                jobs: try JobReader(database: database).jobs(statement),
                workers: try WorkerTable(database: database).all(),
                queues: try QueueTable(database: database).all(),
                marks: try MarkTable(database: database).all()
            )
        }
    }

    /// Reads one job; nil where there is none.
    package func job(_ ref: JobRef) throws(StoreError) -> StoredJob? {
        let condition =
            switch ref {
            case .number: "j.number = ?"
            case .id: "j.id = ?"
            case .key: "j.key = ?"
            }
        return try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT \(JobReader.columns)
                FROM job j CROSS JOIN job_state s ON s.number = j.number WHERE \(condition)
                """
            )
            switch ref {
            case .number(let number):
                guard let number = Int64(exactly: number.rawValue) else { return nil }
                try statement.bind(number, at: 1)
            case .id(let id): try statement.bind(id, at: 1)
            case .key(let key): try statement.bind(key, at: 1)
            }
            return try JobReader(database: database).jobs(statement).first
        }
    }

    /// Lists jobs, a page at a time; one page looks at no more than
    /// ``Limits/pageNumbersExaminedMax`` numbers.
    package func page(_ query: JobQuery) throws(StoreError) -> JobPage {
        try read { database in
            let last = try Self.numberLast(database)
            guard let range = Self.range(query, last: last) else {
                return JobPage(jobs: [], next: nil)
            }
            let limit = min(max(query.limit, 1), Int(Int32.max))
            let statement = try BoundStatement(
                database,
                """
                SELECT \(JobReader.columns)
                FROM job_state s CROSS JOIN job j ON j.number = s.number
                WHERE s.number BETWEEN ?1 AND ?2 AND (?3 >> s.state) & 1
                    AND (?4 = 0 OR j.queue = ?4) AND (?5 = '' OR s.worker = ?5)
                ORDER BY s.number \(query.isOldestFirst ? "ASC" : "DESC") LIMIT ?6
                """
            )
            let states: Int64 =
                query.states.isEmpty
                ? -1 : query.states.reduce(0) { $0 | 1 << Int64($1.rawValue) }
            try statement.bind(range.lowerBound, at: 1)
            try statement.bind(range.upperBound, at: 2)
            try statement.bind(states, at: 3)
            try statement.bind(Int64(query.queue?.rawValue ?? 0), at: 4)
            try statement.bind(query.worker, at: 5)
            try statement.bind(Int64(limit) + 1, at: 6)
            var jobs = try JobReader(database: database).jobs(statement)
            if jobs.count > limit {
                jobs.removeLast(jobs.count - limit)
                return JobPage(jobs: jobs, next: jobs.last?.insert.number)
            }
            let isEnd = query.isOldestFirst ? range.upperBound >= last : range.lowerBound <= 1
            let edge = query.isOldestFirst ? range.upperBound : range.lowerBound
            return JobPage(
                jobs: jobs,
                next: isEnd ? nil : JobNumber(UInt64(clamping: edge))
            )
        }
    }

    /// The numbers that a page looks at; nil where there are none left.
    private static func range(_ query: JobQuery, last: Int64) -> ClosedRange<Int64>? {
        let width = Int64(Limits.pageNumbersExaminedMax)
        if query.isOldestFirst {
            let after = query.after.map { Int64(clamping: $0.rawValue) } ?? 0
            guard after < last else { return nil }
            return after + 1...(last - after > width ? after + width : last)
        }
        let before = query.after.map { min(Int64(clamping: $0.rawValue) - 1, last) } ?? last
        guard before >= 1 else { return nil }
        return max(1, before - width + 1)...before
    }

    /// Reads a job's moves after `sequence`, at most `limit`, and whether there are more.
    package func history(
        _ number: JobNumber,
        after sequence: UInt64,
        limit: Int
    ) throws(StoreError) -> (moves: [Move], isMore: Bool) {
        guard let number = Int64(exactly: number.rawValue), let after = Int64(exactly: sequence)
        else { return ([], false) }
        let limit = min(max(limit, 1), Int(Int32.max))
        return try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT seq, from_state, to_state, at, reason, attempt, worker, actor, failure,
                    detail
                FROM move WHERE number = ? AND seq > ? ORDER BY seq LIMIT ?
                """
            )
            try statement.bind(number, at: 1)
            try statement.bind(after, at: 2)
            try statement.bind(Int64(limit) + 1, at: 3)
            var moves: [Move] = []
            while try statement.next() {
                guard moves.count < limit else {
                    statement.reset()
                    return (moves, true)
                }
                moves.append(Self.move(statement))
            }
            return (moves, false)
        }
    }

    private static func move(_ row: BoundStatement) -> Move {
        Move(
            sequence: UInt64(clamping: row.integer(0)),
            from: row.integerOrNil(1).map { OpenEnum(rawValue: UInt8(clamping: $0)) },
            to: OpenEnum(rawValue: UInt8(clamping: row.integer(2))),
            at: Timestamp(milliseconds: row.integer(3)),
            reason: row.text(4),
            attempt: AttemptNumber(UInt32(clamping: row.integer(5))),
            worker: row.text(6),
            actor: row.text(7),
            failure: row.integerOrNil(8).map { OpenEnum(rawValue: UInt8(clamping: $0)) },
            detail: row.textOrNil(9)
        )
    }

    /// Reads the end of an attempt's log, or of the last attempt that left one.
    package func log(
        _ number: JobNumber,
        attempt: AttemptNumber
    ) throws(StoreError) -> StoredLog? {
        guard let number = Int64(exactly: number.rawValue) else { return nil }
        return try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT attempt, tail FROM log WHERE number = ?1 AND (?2 = 0 OR attempt = ?2)
                ORDER BY attempt DESC LIMIT 1
                """
            )
            try statement.bind(number, at: 1)
            try statement.bind(Int64(attempt.rawValue), at: 2)
            guard try statement.next() else { return nil }
            defer { statement.reset() }
            return StoredLog(
                attempt: AttemptNumber(UInt32(clamping: statement.integer(0))),
                tail: statement.bytes(1)
            )
        }
    }

    /// Counts the jobs in each state that any is in.
    package func counts() throws(StoreError) -> [JobState: UInt64] {
        try read { database in
            let statement = try BoundStatement(
                database,
                "SELECT state, count(*) FROM job_state GROUP BY state"
            )
            var counts: [JobState: UInt64] = [:]
            while try statement.next() {
                guard let state = UInt8(exactly: statement.integer(0)).flatMap(JobState.init) else {
                    continue
                }
                counts[state] = UInt64(clamping: statement.integer(1))
            }
            return counts
        }
    }

    /// Writes a consistent copy to a new file, private and synced, and returns its size in bytes.
    package func backup(to path: String) throws(StoreError) -> UInt64 {
        do {
            // VACUUM INTO takes its own snapshot and does not run within a transaction.
            return try pool.unsafeRead { try StoreBackup.write(to: path, from: $0) }
        } catch {
            // What fails is the copy: the live file is only read.
            switch StoreError(error, during: .read) {
            case .failed(let text): throw .unusable("the backup cannot be written: \(text)")
            case let error: throw error
            }
        }
    }

    /// The highest number that was ever given; 0 before the first.
    static func numberLast(_ database: Database) throws -> Int64 {
        let statement = try BoundStatement(database, "SELECT number_last FROM meta")
        defer { statement.reset() }
        guard try statement.next() else {
            throw StoreError.corrupt("the file does not say which numbers were given")
        }
        return statement.integer(0)
    }
}
