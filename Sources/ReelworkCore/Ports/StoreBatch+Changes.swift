// SPDX-License-Identifier: Apache-2.0
// Reelwork: the rules of a batch, the same for every store

extension StoreBatch {
    /// Checks every rule of a batch that needs no store, and returns what it supposes of each row's
    /// job, in the order of ``rows``.
    ///
    /// The rules: a job has at most one row; every move has a row; a job's moves follow one another
    /// by legal steps, numbers and attempts without a gap and end where the row stands; no row
    /// rests in timed out; a row has a time of completion exactly where its state is terminal; an
    /// inserted job has a row and its first move, null to queued.
    ///
    /// Throws ``StoreError/refused(_:)`` for the first rule that is broken.
    public func changes() throws(StoreError) -> [JobChange] {
        var chains: [Chain] = []
        chains.reserveCapacity(rows.count)
        var places = [JobNumber: Int](minimumCapacity: rows.count)
        for (place, row) in rows.enumerated() {
            guard places.updateValue(place, forKey: row.number) == nil else {
                throw .refused("job \(row.number) has two rows in one batch")
            }
            chains.append(Chain())
        }
        try follow(&chains, places)
        for insert in inserts {
            try check(insert, chains, places)
        }
        var changes: [JobChange] = []
        changes.reserveCapacity(rows.count)
        for (place, row) in rows.enumerated() {
            changes.append(try chains[place].change(of: row))
        }
        let isNew = changes.reduce(0) { $0 + ($1.isNew ? 1 : 0) }
        guard isNew == inserts.count else {
            throw .refused("a first move belongs to a job that the batch inserts, once")
        }
        return changes
    }

    /// Walks over all moves, each in the chain of its job.
    private func follow(
        _ chains: inout [Chain],
        _ places: [JobNumber: Int]
    ) throws(StoreError) {
        var last: (number: JobNumber, place: Int)?
        for move in moves {
            let place: Int
            if let last, last.number == move.number {
                place = last.place
            } else {
                guard let found = places[move.number] else {
                    throw .refused("a move of job \(move.number) comes without its row")
                }
                place = found
                last = (move.number, found)
            }
            try chains[place].append(move)
        }
    }

    private func check(
        _ insert: JobInsert,
        _ chains: [Chain],
        _ places: [JobNumber: Int]
    ) throws(StoreError) {
        guard insert.number.rawValue > 0, Int64(exactly: insert.number.rawValue) != nil else {
            throw .refused("\(insert.number.rawValue) is no job's number")
        }
        guard let place = places[insert.number], chains[place].isFirst else {
            throw .refused("job \(insert.number) is inserted without its row and first move")
        }
        guard rows[place].machine.retriesMax == insert.retriesMax else {
            throw .refused("job \(insert.number) has two limits of retries")
        }
    }

    /// One job's moves within a batch.
    private struct Chain {
        /// The first move's supposition; nil before there is one.
        var before: JobChange?
        /// The last state, number and attempt.
        var state = JobState.queued
        var moves: UInt32 = 0
        var attempt = AttemptNumber.none

        /// Whether the chain begins with the job's first move.
        var isFirst: Bool { before?.isNew ?? false }

        mutating func append(_ move: MoveRow) throws(StoreError) {
            let from = move.step.from
            let to = move.step.to
            if let from {
                guard from.canMove(to: to) else {
                    throw .refused(
                        "job \(move.number) cannot move from \(from.name) to \(to.name)"
                    )
                }
            } else {
                guard to == .queued, move.sequence == 1 else {
                    throw .refused("job \(move.number) begins with move 1, to queued")
                }
            }
            guard move.sequence > 0, to != .assigned || move.attempt != .none else {
                throw .refused("move \(move.sequence) of job \(move.number) counts from 1")
            }
            let raised: UInt32 = to == .assigned ? 1 : 0
            let attemptBefore = AttemptNumber(move.attempt.rawValue - raised)
            if before == nil {
                before = JobChange(
                    stateBefore: from,
                    movesBefore: move.sequence - 1,
                    attemptBefore: attemptBefore
                )
                guard from != nil || move.attempt == .none else {
                    throw .refused("job \(move.number) begins without an attempt")
                }
            } else {
                guard from == state, move.sequence - 1 == moves, attemptBefore == attempt else {
                    throw .refused(
                        "move \(move.sequence) of job \(move.number) does not follow the one before"
                    )
                }
            }
            state = to
            moves = move.sequence
            attempt = move.attempt
        }

        func change(of row: JobRow) throws(StoreError) -> JobChange {
            let machine = row.machine
            guard machine.state != .timedOut else {
                throw .refused("job \(row.number) rests in timed out")
            }
            guard machine.state.isTerminal == (row.completed != nil) else {
                throw .refused("job \(row.number): only a terminal state has a time of completion")
            }
            guard machine.granted <= machine.attempt, machine.retryCount <= machine.retriesMax
            else {
                throw .refused("job \(row.number) has a grant or retries beyond its attempts")
            }
            guard let before else {
                return JobChange(
                    stateBefore: machine.state,
                    movesBefore: machine.moves,
                    attemptBefore: machine.attempt
                )
            }
            guard machine.state == state, machine.moves == moves, machine.attempt == attempt else {
                throw .refused("job \(row.number) does not stand where its moves lead")
            }
            return before
        }
    }
}
