// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the writer's thread does

import GRDB
package import ReelworkCore
import Synchronization

extension SQLiteJobStore {
    /// Looks up idempotency keys, an answer per key, in order.
    package func find(_ keys: [String]) throws(StoreError) -> [StoredKey?] {
        guard !keys.isEmpty else { return [] }
        // On a reader, which goes on while the writer commits. A read is one transaction, so each
        // lookup need not lock and unlock the file.
        return try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT j.number, j.id, s.state, j.spec, j.retry_of
                FROM job j CROSS JOIN job_state s ON s.number = j.number WHERE j.key = ?
                """
            )
            var found: [StoredKey?] = []
            found.reserveCapacity(keys.count)
            for key in keys {
                try statement.bind(key, at: 1)
                guard try statement.next() else {
                    found.append(nil)
                    continue
                }
                defer { statement.reset() }
                let number = JobNumber(UInt64(clamping: statement.integer(0)))
                guard let id = statement.id(1),
                    let state = UInt8(exactly: statement.integer(2)).flatMap(JobState.init)
                else { throw StoreError.corrupt("job \(number) has no readable id and state") }
                found.append(
                    StoredKey(
                        number: number,
                        id: id,
                        state: state,
                        spec: statement.bytes(3),
                        retryOf: statement.integerOrNil(4)
                            .map { JobNumber(UInt64(clamping: $0)) }
                    )
                )
            }
            return found
        }
    }

    /// Makes a batch durable in one transaction.
    package func apply(_ batch: StoreBatch) throws(StoreError) {
        guard !batch.isEmpty else { return }
        let changes = try batch.changes()
        try write { database in
            let writer = BatchWriter(database: database)
            try writer.insert(batch.inserts)
            try writer.write(batch.rows, changes)
            try writer.insert(batch.moves)
            try writer.write(batch.grants)
            try writer.write(batch.logs)
            let fleet = WorkerTable(database: database)
            for worker in batch.workers { try fleet.write(worker) }
            for name in batch.workersRemoved { try fleet.remove(name) }
            try QueueTable(database: database).write(batch.queues)
            let marks = MarkTable(database: database)
            try marks.write(batch.marks)
            try marks.remove(batch.marksRemoved)
        }
        // Whoever is answered now must find it after a new start.
        try verifyPlace()
    }

    /// Moves the write-ahead log into the main file where it has grown, or at the end.
    package func checkpoint(isFinal: Bool) throws(StoreError) {
        try requireWritable()
        let pages = gauge.pages.load(ordering: .relaxed)
        let pagesFull = configuration.walBytesCheckpoint / Self.pageBytes
        let pagesNext = max(pagesFull, gauge.pagesNext.load(ordering: .relaxed))
        guard isFinal || pages >= pagesNext else { return }
        do {
            let isDone = try pool.writeWithoutTransaction { database in
                let result = try database.checkpoint(isFinal ? .truncate : .passive)
                return result.walFrameCount <= result.checkpointedFrameCount
            }
            gauge.pages.store(isDone ? 0 : pages, ordering: .relaxed)
            gauge.pagesNext.store(isDone ? 0 : pages + pagesFull / 4, ordering: .relaxed)
        } catch {
            let error = StoreError(error, during: .write)
            // A reader or another process is in the way: later.
            if case .locked = error { return }
            if case .failed = error { giveUp(error) }
            throw error
        }
    }

    /// SQLite's page size, which this program never changes.
    private static var pageBytes: Int { 4_096 }
}
