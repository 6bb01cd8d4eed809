// SPDX-License-Identifier: Apache-2.0
// Reelwork: one job's life, written into batches

package import ReelworkCore

/// One job's life, written into batches as a scheduler would: moves, row and grant of each event.
package struct JobLife: Sendable {
    /// What never changes of the job.
    package var insert: JobInsert
    /// How it stands.
    package var row: JobRow
    /// Wall time; it goes on by a millisecond with each event.
    package var now: Timestamp
    /// What its moves say of their cause.
    package var reason = "test"

    /// Makes a job that is not yet submitted.
    package init(
        _ number: UInt64,
        key: String? = nil,
        queue: JobQueue = .standard,
        priority: JobPriority = .medium,
        retriesMax: UInt16 = 3,
        spec: [UInt8] = [1, 2, 3]
    ) {
        now = Timestamp(milliseconds: 1_700_000_000_000 + Int64(number % 1_000_000))
        insert = JobInsert(
            number: JobNumber(number),
            id: JobID(at: now, random: (number, number)),
            key: key ?? "key-\(number)",
            tenant: "default",
            queue: queue,
            priority: priority,
            retriesMax: retriesMax,
            created: now,
            spec: spec
        )
        row = JobRow(
            number: insert.number,
            machine: JobMachine.submitted(retriesMax: retriesMax).0,
            rank: Rank(submitted: now, queue: queue, priority: priority)
        )
    }

    /// Writes its submission.
    package mutating func submit(into batch: inout StoreBatch) {
        let (machine, steps) = JobMachine.submitted(retriesMax: insert.retriesMax)
        row.machine = machine
        batch.inserts.append(insert)
        write(steps, into: &batch)
    }

    /// Applies an event and writes what it changes.
    package mutating func handle(
        _ event: JobEvent,
        worker: String = "w1",
        into batch: inout StoreBatch
    ) throws(JobRefusal) {
        now = now.advanced(by: .milliseconds(1))
        let steps = try row.machine.handle(event)
        switch event {
        case .assigned, .adopted:
            row.worker = worker
            row.engine = "ffmpeg"
        case .started, .resumed: row.started = now
        case .failed(_, let failure, final: _):
            row.failure = failure
            row.error = "it failed"
        case .ready(let attempt):
            let grant = Grant(attempt: attempt, size: 1_000, checksum: 7)
            batch.grants.append(GrantRow(number: insert.number, grant: grant, at: now))
        case .finished, .released, .timedOut, .workerLost, .assignmentLost, .backoffElapsed,
            .canceled, .rejected, .requeued, .hastened, .failedByForce, .quarantined:
            break
        }
        if row.machine.state.isTerminal, row.completed == nil { row.completed = now }
        write(steps, into: &batch)
    }

    /// Assigns, starts, grants and finishes it, by a worker.
    package mutating func complete(
        by worker: String = "w1",
        into batch: inout StoreBatch
    ) throws(JobRefusal) {
        try handle(.assigned, worker: worker, into: &batch)
        let attempt = row.machine.attempt
        try handle(.started(attempt), into: &batch)
        try handle(.ready(attempt), into: &batch)
        try handle(.finished(attempt, .own), into: &batch)
    }

    private func write(_ steps: JobSteps, into batch: inout StoreBatch) {
        let movesBefore = row.machine.moves - UInt32(steps.count)
        var attempt = row.machine.attempt.rawValue
        // Only the last of several steps can be to assigned, and it alone raises the attempt.
        if steps.contains(where: { $0.to == .assigned }) { attempt -= 1 }
        for (index, step) in steps.enumerated() {
            if step.to == .assigned { attempt += 1 }
            batch.moves.append(
                MoveRow(
                    number: insert.number,
                    queue: insert.queue,
                    sequence: movesBefore + UInt32(index) + 1,
                    step: step,
                    at: now,
                    reason: reason,
                    attempt: AttemptNumber(attempt),
                    worker: row.worker,
                    actor: "scheduler"
                )
            )
        }
        batch.rows.removeAll { $0.number == row.number }
        batch.rows.append(row)
    }
}
