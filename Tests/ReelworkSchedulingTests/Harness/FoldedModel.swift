// SPDX-License-Identifier: Apache-2.0
// Reelwork: a store that only folds what the scheduler commits, and finds what does not add up.

import ReelworkCore

/// What the batches say of every job, built from their moves alone and compared with their rows.
struct FoldedModel {
    struct Job {
        var insert: JobInsert
        var row: JobRow?
        var state: JobState?
        var moves: [MoveRow] = []
        var attempts: UInt32 = 0
        var grants: [Grant] = []
    }

    var jobs: [JobNumber: Job] = [:]
    var workers: [String: WorkerRow] = [:]
    var queues: [JobQueue: QueueRow] = [:]
    var marks: [JobMarkRow] = []
    /// What did not add up.
    var faults: [String] = []

    mutating func apply(_ batch: StoreBatch) {
        for insert in batch.inserts {
            if jobs[insert.number] != nil { faults.append("\(insert.number) inserted twice") }
            jobs[insert.number] = Job(insert: insert)
        }
        var touched: Set<JobNumber> = []
        for move in batch.moves {
            take(move)
            touched.insert(move.number)
        }
        var rows: Set<JobNumber> = []
        for row in batch.rows {
            if !rows.insert(row.number).inserted { faults.append("\(row.number) has two rows") }
            jobs[row.number]?.row = row
        }
        for grant in batch.grants { jobs[grant.number]?.grants.append(grant.grant) }
        for worker in batch.workers { workers[worker.registration.name] = worker }
        for name in batch.workersRemoved { workers[name] = nil }
        for row in batch.queues { queues[row.queue] = row }
        for mark in batch.marks where jobs[mark.number] == nil {
            faults.append("a mark is of \(mark.number), which is unknown")
        }
        marks += batch.marks
        marks.removeAll { batch.marksRemoved.contains($0.number) }
        if !touched.isSubset(of: rows) { faults.append("a move without a row") }
        for number in rows { compare(number) }
    }

    private mutating func take(_ move: MoveRow) {
        guard var job = jobs[move.number] else {
            faults.append("\(move.number) moves and is unknown")
            return
        }
        if move.step.from != job.state { faults.append("\(move.number) breaks its history") }
        if Int(move.sequence) != job.moves.count + 1 { faults.append("\(move.number) has a gap") }
        if let from = move.step.from, !from.canMove(to: move.step.to) {
            faults.append("\(move.number) moves \(from) → \(move.step.to)")
        }
        if move.step.to == .assigned { job.attempts += 1 }
        if move.attempt.rawValue != job.attempts {
            faults.append("\(move.number) has attempt \(move.attempt) in history")
        }
        if move.reason.isEmpty || move.actor.isEmpty { faults.append("\(move.number): no reason") }
        job.state = move.step.to
        job.moves.append(move)
        jobs[move.number] = job
    }

    private mutating func compare(_ number: JobNumber) {
        guard let job = jobs[number], let row = job.row else {
            faults.append("\(number) has a row and is unknown")
            return
        }
        let machine = row.machine
        if machine.state != job.state { faults.append("\(number): row and history differ") }
        if machine.state == .timedOut { faults.append("\(number) rests in timed_out") }
        if Int(machine.moves) != job.moves.count { faults.append("\(number): moves differ") }
        if machine.attempt.rawValue != job.attempts { faults.append("\(number): attempt differs") }
        if machine.retryCount > machine.retriesMax { faults.append("\(number): too many retries") }
        if machine.state.isHeld && row.worker.isEmpty { faults.append("\(number): held by none") }
        if machine.state.isTerminal != (row.completed != nil) {
            faults.append("\(number): completed time and state differ")
        }
    }

    func state(_ number: JobNumber) -> JobState? { jobs[number]?.state }

    /// What a scheduler would start from.
    var liveJobs: [StoredJob] {
        jobs.values.compactMap { job in
            guard let row = job.row, !row.machine.state.isTerminal else { return nil }
            return StoredJob(insert: job.insert, row: row, grants: job.grants)
        }.sorted { $0.row.number < $1.row.number }
    }
}
