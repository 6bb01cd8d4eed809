// SPDX-License-Identifier: Apache-2.0
// Reelwork: a store in memory, for the simulated world

package import ReelworkCore
import Synchronization

/// A store in memory with the rules of the one on disk, for the simulated world.
///
/// What it holds outlives the machines above it, as a disk does: a simulated crash drops those and
/// keeps the store.
package final class MemoryJobStore: JobStore {
    private let name: StoreIdentity
    private let memory = Mutex(Memory())
    private let fault = Mutex<StoreError?>(nil)

    /// Makes an empty store; the cluster's id is given, so that a run can be repeated.
    package init(cluster: JobID = JobID(high: 1, low: 1)) {
        name = StoreIdentity(cluster: cluster, epoch: 1, engine: "memory")
    }

    /// Makes each ``apply(_:)`` fail with an error and change nothing, until it is set to nil.
    package func setFault(_ error: StoreError?) {
        fault.withLock { $0 = error }
    }

    /// Who this store is.
    package func identity() throws(StoreError) -> StoreIdentity { name }

    /// Reads every job that is not terminal, and every worker.
    package func load() throws(StoreError) -> StoreSnapshot {
        memory.withLock { memory in
            StoreSnapshot(
                nextNumber: JobNumber(memory.numberLast.rawValue + 1),
                jobs: memory.jobs.filter { !$0.row.machine.state.isTerminal },
                workers: memory.workers,
                queues: memory.queues,
                marks: memory.marks
            )
        }
    }

    /// Looks up idempotency keys, an answer per key, in order.
    package func find(_ keys: [String]) throws(StoreError) -> [StoredKey?] {
        memory.withLock { memory in
            keys.map { key in
                guard let place = memory.keys[Array(key.utf8)] else { return nil }
                let job = memory.jobs[place]
                return StoredKey(
                    number: job.insert.number,
                    id: job.insert.id,
                    state: job.row.machine.state,
                    spec: job.insert.spec,
                    retryOf: job.insert.retryOf
                )
            }
        }
    }

    /// Applies a batch: all of it or nothing.
    package func apply(_ batch: StoreBatch) throws(StoreError) {
        if let fault = fault.withLock({ $0 }) { throw fault }
        let changes = try batch.changes()
        let result = memory.withLock { memory -> StoreError? in
            do throws(StoreError) {
                try memory.check(batch, changes)
            } catch {
                return error
            }
            memory.apply(batch)
            return nil
        }
        if let result { throw result }
    }

    /// Reads one job; nil where there is none.
    package func job(_ ref: JobRef) throws(StoreError) -> StoredJob? {
        memory.withLock { memory in memory.place(ref).map { memory.jobs[$0] } }
    }

    /// Lists jobs, a page at a time.
    package func page(_ query: JobQuery) throws(StoreError) -> JobPage {
        memory.withLock { memory in
            let limit = max(query.limit, 1)
            var found: [StoredJob] = []
            var place = memory.start(query)
            while memory.jobs.indices.contains(place), found.count <= limit {
                let job = memory.jobs[place]
                if query.matches(job) { found.append(job) }
                place += query.isOldestFirst ? 1 : -1
            }
            guard found.count > limit else { return JobPage(jobs: found, next: nil) }
            found.removeLast()
            return JobPage(jobs: found, next: found.last?.insert.number)
        }
    }

    /// Reads a job's moves after `sequence`, at most `limit`, and whether there are more.
    package func history(
        _ number: JobNumber,
        after sequence: UInt64,
        limit: Int
    ) throws(StoreError) -> (moves: [Move], isMore: Bool) {
        memory.withLock { memory in
            let moves = memory.place(.number(number)).map { memory.moves[$0] } ?? []
            let rest = moves.drop { UInt64($0.sequence) <= sequence }
            let limit = max(limit, 1)
            return (rest.prefix(limit).map(\.move), rest.count > limit)
        }
    }

    /// Reads the end of an attempt's log, or of the last attempt that left one.
    package func log(
        _ number: JobNumber,
        attempt: AttemptNumber
    ) throws(StoreError) -> StoredLog? {
        memory.withLock { memory in
            let logs = memory.place(.number(number)).map { memory.logs[$0] } ?? []
            return attempt == .none
                ? logs.max { $0.attempt < $1.attempt }
                : logs.first { $0.attempt == attempt }
        }
    }

    /// Counts the jobs in each state that any is in.
    package func counts() throws(StoreError) -> [JobState: UInt64] {
        memory.withLock { memory in
            memory.jobs.reduce(into: [:]) { $0[$1.row.machine.state, default: 0] += 1 }
        }
    }

    /// Proves that every job's state is the fold of its moves.
    package func check(isDeep: Bool) throws(StoreError) -> [StoreFinding] {
        memory.withLock { memory in [memory.checkHistory(), memory.checkStates()] }
    }

    /// Refuses: there is no file to copy.
    package func backup(to path: String) throws(StoreError) -> UInt64 {
        throw .unusable("a store in memory has no file to copy")
    }

    /// Does nothing: there is no log.
    package func checkpoint(isFinal: Bool) throws(StoreError) {}

    /// Does nothing: memory has no place to lose.
    package func verifyPlace() throws(StoreError) {}

    /// Does nothing: it can be opened again as it is.
    package func close() {}
}

extension JobQuery {
    /// Whether a job meets all conditions.
    fileprivate func matches(_ job: StoredJob) -> Bool {
        (states.isEmpty || states.contains(job.row.machine.state))
            && (queue == nil || queue == job.insert.queue)
            && (worker.isEmpty || worker.utf8.elementsEqual(job.row.worker.utf8))
    }
}
