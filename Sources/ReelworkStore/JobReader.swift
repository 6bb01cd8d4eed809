// SPDX-License-Identifier: Apache-2.0
// Reelwork: turns rows into jobs

import GRDB
import ReelworkCore

/// Turns rows into jobs.
struct JobReader {
    let database: Database

    /// What is selected of job `j` and its state `s`, in the order that ``job(_:)`` reads.
    static let columns = """
        j.number, j.id, j.key, j.tenant, j.queue, j.priority, j.retries_max, j.created, j.retry_of,
        j.spec, s.state, s.attempt, s.retry_count, s.moves, s.granted, s.is_grant_open,
        s.is_look_only, s.rank, s.worker, s.engine, s.not_before, s.started, s.completed,
        s.deadline, s.failure, s.error
        """

    /// Reads all rows of a statement that selects ``columns``.
    func jobs(_ statement: BoundStatement) throws -> [StoredJob] {
        let grants = try BoundStatement(
            database,
            """
            SELECT attempt, size, checksum FROM publish_grant WHERE number = ? ORDER BY attempt
            """
        )
        var jobs: [StoredJob] = []
        while try statement.next() {
            guard var job = job(statement) else {
                let number = statement.integer(0)
                statement.reset()
                throw StoreError.corrupt("job #\(number) holds values that have no meaning")
            }
            if job.row.machine.granted != .none {
                try grants.bind(statement.integer(0), at: 1)
                while try grants.next() {
                    job.grants.append(
                        Grant(
                            attempt: AttemptNumber(UInt32(clamping: grants.integer(0))),
                            size: UInt64(bitPattern: grants.integer(1)),
                            checksum: UInt32(clamping: grants.integer(2))
                        )
                    )
                }
            }
            jobs.append(job)
        }
        return jobs
    }

    /// The current row's job, yet without its grants; nil where a number has no meaning.
    private func job(_ row: BoundStatement) -> StoredJob? {
        let number = JobNumber(UInt64(clamping: row.integer(0)))
        guard let id = row.id(1),
            let queue = UInt8(exactly: row.integer(4)).flatMap(JobQueue.init),
            let priority = UInt8(exactly: row.integer(5)).flatMap(JobPriority.init),
            let retriesMax = UInt16(exactly: row.integer(6)),
            let state = UInt8(exactly: row.integer(10)).flatMap(JobState.init),
            let attempt = UInt32(exactly: row.integer(11)),
            let retryCount = UInt16(exactly: row.integer(12)),
            let moves = UInt32(exactly: row.integer(13)),
            let granted = UInt32(exactly: row.integer(14))
        else { return nil }
        var failure: FailureClass?
        if let stored = row.integerOrNil(24) {
            failure = UInt8(exactly: stored).flatMap(FailureClass.init)
            guard failure != nil else { return nil }
        }
        let insert = JobInsert(
            number: number,
            id: id,
            key: row.text(2),
            tenant: row.text(3),
            queue: queue,
            priority: priority,
            retriesMax: retriesMax,
            created: Timestamp(milliseconds: row.integer(7)),
            retryOf: row.integerOrNil(8).map { JobNumber(UInt64(clamping: $0)) },
            spec: row.bytes(9)
        )
        let machine = JobMachine(
            restoring: state,
            attempt: AttemptNumber(attempt),
            retryCount: retryCount,
            retriesMax: retriesMax,
            moves: moves,
            granted: AttemptNumber(granted),
            isGrantOpen: row.integer(15) != 0,
            isLookOnly: row.integer(16) != 0
        )
        let standing = JobRow(
            number: number,
            machine: machine,
            rank: Rank(value: row.integer(17)),
            worker: row.text(18),
            engine: row.text(19),
            notBefore: time(row, 20),
            started: time(row, 21),
            completed: time(row, 22),
            deadline: time(row, 23),
            failure: failure,
            error: row.textOrNil(25)
        )
        return StoredJob(insert: insert, row: standing)
    }

    private func time(_ row: BoundStatement, _ column: Int32) -> Timestamp? {
        row.integerOrNil(column).map { Timestamp(milliseconds: $0) }
    }
}
