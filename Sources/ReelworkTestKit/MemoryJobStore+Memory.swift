// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a store in memory holds

import ReelworkCore

extension MemoryJobStore {
    /// What the store holds; jobs, moves and logs stand at the same place in their arrays.
    ///
    /// Keys and names are compared as bytes: two strings may be equal and be spelled differently.
    struct Memory {
        /// Every job, in order of number.
        var jobs: [StoredJob] = []
        /// Their histories.
        var moves: [[MoveRow]] = []
        /// Their logs.
        var logs: [[StoredLog]] = []
        /// Where a number stands.
        var numbers: [JobNumber: Int] = [:]
        /// Where an id stands.
        var ids: [JobID: Int] = [:]
        /// Where a key stands.
        var keys: [[UInt8]: Int] = [:]
        /// Every worker, in order of name.
        var workers: [WorkerRow] = []
        /// Every queue that was ever paused, in order of its number.
        var queues: [QueueRow] = []
        /// Every mark, in order of number, worker, kind and incarnation.
        var marks: [JobMarkRow] = []
        /// The highest number ever given.
        var numberLast = JobNumber(0)

        func place(_ ref: JobRef) -> Int? {
            switch ref {
            case .number(let number): numbers[number]
            case .id(let id): ids[id]
            case .key(let key): keys[Array(key.utf8)]
            }
        }

        /// The first place that a page looks at.
        func start(_ query: JobQuery) -> Int {
            guard let after = query.after else { return query.isOldestFirst ? 0 : jobs.count - 1 }
            if query.isOldestFirst {
                return jobs.firstIndex { $0.insert.number > after } ?? jobs.count
            }
            return jobs.lastIndex { $0.insert.number < after } ?? -1
        }

        // MARK: - A batch

        /// Refuses a batch that does not fit what is held; changes nothing.
        func check(_ batch: StoreBatch, _ changes: [JobChange]) throws(StoreError) {
            try check(batch.inserts)
            for (row, change) in zip(batch.rows, changes) where !change.isNew {
                guard let place = numbers[row.number] else {
                    throw .refused("job \(row.number) is not there")
                }
                let held = jobs[place].row.machine
                guard held.state == change.stateBefore, held.moves == change.movesBefore,
                    held.attempt == change.attemptBefore
                else {
                    throw .refused("job \(row.number) does not stand as the batch supposes")
                }
            }
            var rows: [JobNumber: JobRow] = [:]
            if !batch.grants.isEmpty { for row in batch.rows { rows[row.number] = row } }
            let isNeeded = !batch.logs.isEmpty || !batch.marks.isEmpty
            let isNew = isNeeded ? Set(batch.inserts.map(\.number)) : []
            for grant in batch.grants {
                let granted =
                    rows[grant.number]?.machine.granted
                    ?? numbers[grant.number].map { jobs[$0].row.machine.granted } ?? .none
                guard grant.grant.attempt != .none, grant.grant.attempt <= granted else {
                    throw .refused("a grant for job \(grant.number) comes without its row")
                }
            }
            for log in batch.logs {
                guard numbers[log.number] != nil || isNew.contains(log.number)
                else { throw .refused("a log is of job \(log.number), which is not there") }
            }
            for mark in batch.marks
            where numbers[mark.number] == nil && !isNew.contains(mark.number) {
                throw .refused("a mark is of job \(mark.number), which is not there")
            }
        }

        private func check(_ inserts: [JobInsert]) throws(StoreError) {
            var numbersNew: Set<JobNumber> = []
            var idsNew: Set<JobID> = []
            var keysNew: Set<[UInt8]> = []
            for insert in inserts {
                guard insert.number > numberLast, numbersNew.insert(insert.number).inserted else {
                    throw .refused("the number of job \(insert.number) was given before")
                }
                guard ids[insert.id] == nil, idsNew.insert(insert.id).inserted else {
                    throw .refused("the id \(insert.id) was given before")
                }
                let key = Array(insert.key.utf8)
                guard keys[key] == nil, keysNew.insert(key).inserted else {
                    throw .refused("the key of job \(insert.number) was given before")
                }
            }
        }

        /// Applies a batch that was checked.
        mutating func apply(_ batch: StoreBatch) {
            var rows: [JobNumber: JobRow] = [:]
            for row in batch.rows { rows[row.number] = row }
            for insert in batch.inserts.sorted(by: { $0.number < $1.number }) {
                guard let row = rows[insert.number] else { continue }
                let place = jobs.count
                jobs.append(StoredJob(insert: insert, row: row))
                moves.append([])
                logs.append([])
                numbers[insert.number] = place
                ids[insert.id] = place
                keys[Array(insert.key.utf8)] = place
                numberLast = max(numberLast, insert.number)
            }
            for row in batch.rows {
                guard let place = numbers[row.number] else { continue }
                let retriesMax = jobs[place].insert.retriesMax
                jobs[place].row = row
                jobs[place].row.machine = row.machine.restored(retriesMax: retriesMax)
            }
            for move in batch.moves {
                guard let place = numbers[move.number] else { continue }
                moves[place].append(move)
            }
            for grant in batch.grants {
                guard let place = numbers[grant.number] else { continue }
                jobs[place].grants.removeAll { $0.attempt == grant.grant.attempt }
                jobs[place].grants.append(grant.grant)
                jobs[place].grants.sort { $0.attempt < $1.attempt }
            }
            for log in batch.logs {
                guard let place = numbers[log.number] else { continue }
                logs[place].removeAll { $0.attempt == log.attempt }
                logs[place].append(StoredLog(attempt: log.attempt, tail: log.tail))
            }
            for worker in batch.workers {
                removeWorker(worker.registration.name)
                workers.append(worker)
            }
            for name in batch.workersRemoved { removeWorker(name) }
            workers.sort {
                $0.registration.name.utf8.lexicographicallyPrecedes($1.registration.name.utf8)
            }
            applyMarks(batch)
        }

        private mutating func applyMarks(_ batch: StoreBatch) {
            for row in batch.queues {
                queues.removeAll { $0.queue == row.queue }
                queues.append(row)
            }
            queues.sort { $0.queue.rawValue < $1.queue.rawValue }
            for row in batch.marks where !marks.contains(where: { $0.isSame(as: row) }) {
                marks.append(row)
            }
            for number in batch.marksRemoved { marks.removeAll { $0.number == number } }
            marks.sort { $0.comes(before: $1) }
        }

        private mutating func removeWorker(_ name: String) {
            workers.removeAll { $0.registration.name.utf8.elementsEqual(name.utf8) }
        }

        // MARK: - Proof

        func checkHistory() -> StoreFinding {
            var finding = StoreFinding(name: "history", isSound: true)
            for (job, history) in zip(jobs, moves) {
                finding.examined += 1
                var state: JobState?
                var attempt: UInt32 = 0
                var isSound = true
                for (index, move) in history.enumerated() {
                    let step = move.step
                    if step.to == .assigned { attempt += 1 }
                    let isStep = step.from?.canMove(to: step.to) ?? (step.to == .queued)
                    isSound =
                        isSound && isStep && step.from == state
                        && Int(move.sequence) == index + 1 && move.attempt.rawValue == attempt
                    state = step.to
                }
                let machine = job.row.machine
                isSound =
                    isSound && machine.state == state && Int(machine.moves) == history.count
                    && machine.attempt.rawValue == attempt
                if !isSound {
                    finding.bad += 1
                    finding.examples.append(job.insert.number)
                }
            }
            finding.isSound = finding.bad == 0
            return finding
        }

        func checkStates() -> StoreFinding {
            let bad = jobs.filter {
                $0.row.machine.state == .timedOut
                    || $0.row.machine.state.isTerminal != ($0.row.completed != nil)
            }
            return StoreFinding(
                name: "states",
                isSound: bad.isEmpty,
                examined: UInt64(jobs.count),
                bad: UInt64(bad.count),
                examples: bad.map(\.insert.number)
            )
        }
    }
}

extension JobMachine {
    /// The machine as a store reads it back: the limit of retries is the job's, and never changes.
    fileprivate func restored(retriesMax: UInt16) -> JobMachine {
        JobMachine(
            restoring: state,
            attempt: attempt,
            retryCount: retryCount,
            retriesMax: retriesMax,
            moves: moves,
            granted: granted,
            isGrantOpen: isGrantOpen,
            isLookOnly: isLookOnly
        )
    }
}

extension JobMarkRow {
    /// Whether it says what another says already.
    fileprivate func isSame(as other: JobMarkRow) -> Bool {
        number == other.number && kind == other.kind && incarnation == other.incarnation
            && worker.utf8.elementsEqual(other.worker.utf8)
    }

    /// The order of the store on disk: names as bytes, incarnations as signed numbers.
    fileprivate func comes(before other: JobMarkRow) -> Bool {
        if number != other.number { return number < other.number }
        if !worker.utf8.elementsEqual(other.worker.utf8) {
            return worker.utf8.lexicographicallyPrecedes(other.worker.utf8)
        }
        if kind != other.kind { return kind.rawValue < other.kind.rawValue }
        return Int64(bitPattern: incarnation) < Int64(bitPattern: other.incarnation)
    }
}
