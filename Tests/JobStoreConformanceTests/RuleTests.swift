// SPDX-License-Identifier: Apache-2.0
// Reelwork: a batch that breaks a rule changes nothing

import ReelworkCore
import ReelworkTestKit
import Testing

// Goal: a batch is all or nothing, and no batch bends the law of a job.
// Method: a store with three jobs; a batch that submits a fourth, moves the first, registers a
// worker, and breaks one rule at its end; it is refused and everything reads as before.
@Suite struct RuleTests {
    /// One way to break a rule.
    struct Breach: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var spoil: @Sendable (inout StoreBatch) -> Void

        init(_ name: String, _ spoil: @escaping @Sendable (inout StoreBatch) -> Void) {
            testDescription = name
            self.spoil = spoil
        }
    }

    static let breaches: [Breach] = [
        Breach("a number that was given before") { batch in
            var life = JobLife(2, key: "other")
            life.submit(into: &batch)
        },
        Breach("a number twice") { $0.inserts.append($0.inserts[0]) },
        Breach("number 0") { batch in
            var life = JobLife(0)
            life.submit(into: &batch)
        },
        Breach("a number beyond the range") { batch in
            var life = JobLife(UInt64(Int64.max) + 1)
            life.submit(into: &batch)
        },
        Breach("an id that was given before") { $0.inserts[0].id = JobLife(2).insert.id },
        Breach("a key that was given before") { $0.inserts[0].key = "key-2" },
        Breach("an insert without its row") { batch in
            batch.rows.removeAll { $0.number == JobNumber(4) }
        },
        Breach("an insert without its first move") { batch in
            batch.moves.removeAll { $0.number == JobNumber(4) }
        },
        Breach("a first move without its insert") { $0.inserts.removeAll() },
        Breach("two limits of retries") { $0.inserts[0].retriesMax = 9 },
        Breach("two rows of one job") { $0.rows.append($0.rows[0]) },
        Breach("a move without its row") { batch in
            batch.rows.removeAll { $0.number == JobNumber(1) }
        },
        Breach("a row without its moves") { batch in
            batch.moves.removeAll { $0.number == JobNumber(1) }
        },
        Breach("an illegal step") {
            $0.change(1) { $0.step = JobStep(from: .queued, to: .running) }
        },
        Breach("an illegal step, and a row that agrees") { batch in
            batch.moves.removeAll { $0.number == JobNumber(1) }
            batch.moves.append(RuleTests.move(1, 2, .queued, .running, attempt: 0))
            batch.row(1) { $0.machine = RuleTests.machine(.running, moves: 2) }
        },
        Breach("a step out of an end, and a row that agrees") { batch in
            batch.moves.append(RuleTests.move(1, 3, .assigned, .failed, attempt: 1))
            batch.moves.append(RuleTests.move(1, 4, .failed, .queued, attempt: 1))
            batch.row(1) { $0.machine = RuleTests.machine(.queued, attempt: 1, moves: 4) }
        },
        Breach("a step to the same state") { batch in
            batch.change(1) { $0.step = JobStep(from: .assigned, to: .assigned) }
        },
        Breach("a first step to another state") { batch in
            batch.change(4) { $0.step = JobStep(from: nil, to: .assigned) }
        },
        Breach("a gap in the numbers") { $0.change(1) { $0.sequence += 1 } },
        Breach("a move that was made before") { $0.change(1) { $0.sequence = 1 } },
        Breach("move 0") { $0.change(1) { $0.sequence = 0 } },
        Breach("an attempt that leaps") { $0.change(1) { $0.attempt = AttemptNumber(2) } },
        Breach("assigned without an attempt") { $0.change(1) { $0.attempt = .none } },
        Breach("a step from where the job is not") { batch in
            batch.moves.removeAll { $0.number == JobNumber(1) }
            batch.moves.append(RuleTests.move(1, 2, .retrying, .queued, attempt: 0))
            batch.row(1) { $0.machine = RuleTests.machine(.queued, moves: 2) }
        },
        Breach("a row ahead of its moves") { batch in
            batch.row(1) { $0.machine = RuleTests.machine(.running, attempt: 1, moves: 3) }
        },
        Breach("timed out at rest") { batch in
            batch.moves.append(RuleTests.move(1, 3, .assigned, .timedOut, attempt: 1))
            batch.row(1) { $0.machine = RuleTests.machine(.timedOut, attempt: 1, moves: 3) }
        },
        Breach("terminal without a time") { batch in
            batch.moves.append(RuleTests.move(1, 3, .assigned, .failed, attempt: 1))
            batch.row(1) { $0.machine = RuleTests.machine(.failed, attempt: 1, moves: 3) }
        },
        Breach("a time without being terminal") { batch in
            batch.row(1) { $0.completed = Timestamp(milliseconds: 1) }
        },
        Breach("a row of no job") { batch in
            let life = JobLife(77)
            batch.rows.append(life.row)
        },
        Breach("a grant without its row") { batch in
            let grant = Grant(attempt: AttemptNumber(1), size: 1, checksum: 1)
            batch.grants.append(
                GrantRow(number: JobNumber(2), grant: grant, at: Timestamp(milliseconds: 1))
            )
        },
        Breach("a grant of no job") { batch in
            let grant = Grant(attempt: AttemptNumber(1), size: 1, checksum: 1)
            batch.grants.append(
                GrantRow(number: JobNumber(77), grant: grant, at: Timestamp(milliseconds: 1))
            )
        },
        Breach("a log of no job") { batch in
            batch.logs.append(
                LogRow(number: JobNumber(77), attempt: AttemptNumber(1), tail: [1])
            )
        },
    ]

    // Lesson 13: every writer passes the rules.
    @Test(arguments: StoreKind.allCases, breaches)
    func aBatchWithABreachChangesNothing(_ kind: StoreKind, _ breach: Breach) throws {
        let bench = try StoreBench(kind)
        let lives = try bench.submit(3)
        let before = try bench.store.load()
        var batch = StoreBatch()
        var fourth = JobLife(4)
        fourth.submit(into: &batch)
        var first = lives[0]
        try first.handle(.assigned, into: &batch)
        let registration = WorkerRegistration(name: "w1", incarnation: 1, capacity: [])
        batch.workers.append(
            WorkerRow(registration: registration, registered: Timestamp(milliseconds: 1))
        )
        let sound = batch
        breach.spoil(&batch)
        #expect {
            try bench.store.apply(batch)
        } throws: { error in
            guard case .refused(let text)? = error as? StoreError else { return false }
            return !text.isEmpty
        }
        let after = try bench.store.load()
        #expect(after.nextNumber == before.nextNumber)
        #expect(after.jobs == before.jobs)
        #expect(after.workers.isEmpty)
        #expect(try bench.store.history(JobNumber(1), after: 0, limit: 9).moves.count == 1)
        #expect(try bench.store.find(["key-4"]) == [nil])
        // The store goes on, and the same batch without the breach is taken.
        try bench.store.apply(sound)
        #expect(try bench.store.load().nextNumber == JobNumber(5))
        #expect(try bench.store.check(isDeep: true).allSatisfy { $0.isSound })
    }

    @Test(arguments: StoreKind.allCases)
    func aBatchAppliedTwiceIsRefused(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var life = try bench.submit(1)[0]
        var batch = StoreBatch()
        try life.handle(.assigned, into: &batch)
        try bench.store.apply(batch)
        #expect(throws: StoreError.self) { try bench.store.apply(batch) }
        #expect(try bench.store.job(.key("key-1"))?.row == life.row)
    }

    static func move(
        _ number: UInt64,
        _ sequence: UInt32,
        _ from: JobState,
        _ to: JobState,
        attempt: UInt32
    ) -> MoveRow {
        MoveRow(
            number: JobNumber(number),
            queue: .standard,
            sequence: sequence,
            step: JobStep(from: from, to: to),
            at: Timestamp(milliseconds: 5),
            reason: "breach",
            attempt: AttemptNumber(attempt),
            actor: "test"
        )
    }

    static func machine(_ state: JobState, attempt: UInt32 = 0, moves: UInt32) -> JobMachine {
        JobMachine(
            restoring: state,
            attempt: AttemptNumber(attempt),
            retriesMax: 3,
            moves: moves
        )
    }
}

extension StoreBatch {
    /// Changes the one move of a job.
    fileprivate mutating func change(_ number: UInt64, _ body: (inout MoveRow) -> Void) {
        for index in moves.indices where moves[index].number == JobNumber(number) {
            body(&moves[index])
        }
    }

    /// Changes the row of a job.
    fileprivate mutating func row(_ number: UInt64, _ body: (inout JobRow) -> Void) {
        for index in rows.indices where rows[index].number == JobNumber(number) {
            body(&rows[index])
        }
    }
}
