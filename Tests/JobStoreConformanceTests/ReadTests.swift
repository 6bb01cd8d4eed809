// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is read at a start and by requests

import ReelworkCore
import ReelworkTestKit
import Testing

// Goal: a start finds what lives, a submission finds its key, and readers page through all of it
// once. Method: small fleets of jobs in known states; every answer is compared with one made from
// the lives.
@Suite struct ReadTests {
    @Test(arguments: StoreKind.allCases)
    func loadFindsWhatLivesInOrder(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var lives = try bench.submit(12)
        try bench.write { batch in
            for index in stride(from: 11, through: 0, by: -3) {
                try lives[index].complete(into: &batch)
            }
            try lives[0].handle(.assigned, into: &batch)
            try lives[1].handle(.requeued, into: &batch)
        }
        try bench.reopen()
        let snapshot = try bench.store.load()
        #expect(snapshot.nextNumber == JobNumber(13))
        let live = lives.filter { !$0.row.machine.state.isTerminal }
        #expect(snapshot.jobs.map(\.insert) == live.map(\.insert))
        #expect(snapshot.jobs.map(\.row) == live.map(\.row))
        #expect(live.count == 8)
    }

    @Test(arguments: StoreKind.allCases)
    func insertsInAnyOrderAreLoadedByNumber(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        try bench.write { batch in
            for number: UInt64 in [9, 2, 5] {
                var life = JobLife(number)
                life.submit(into: &batch)
            }
        }
        #expect(try bench.store.load().jobs.map(\.insert.number.rawValue) == [2, 5, 9])
        #expect(try bench.store.load().nextNumber == JobNumber(10))
    }

    // Lesson 20: numbers were MAX + 1 and were given again.
    @Test(arguments: StoreKind.allCases)
    func numbersAreNotReusedAfterReopening(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var life = JobLife(41)
        try bench.write { batch in
            life.submit(into: &batch)
            try life.handle(.canceled, into: &batch)
        }
        try bench.reopen()
        #expect(try bench.store.load().jobs.isEmpty)
        #expect(try bench.store.load().nextNumber == JobNumber(42))
        var older = JobLife(40)
        #expect(throws: StoreError.self) { try bench.write { older.submit(into: &$0) } }
    }

    @Test(arguments: StoreKind.allCases)
    func keysAreFoundByTheirBytes(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        // Equal as strings, not as bytes: two keys.
        let keys = ["caf\u{E9}", "cafe\u{301}", "", "a\0", "a"]
        var lives: [JobLife] = []
        try bench.write { batch in
            for (index, key) in keys.enumerated() {
                var life = JobLife(UInt64(index) + 1, key: key, spec: [UInt8(index)])
                life.submit(into: &batch)
                lives.append(life)
            }
        }
        let found = try bench.store.find(["none"] + keys + ["A", "a"])
        #expect(found.map { $0?.number.rawValue } == [nil, 1, 2, 3, 4, 5, nil, 5])
        #expect(found[1]?.spec == [0] && found[2]?.spec == [1])
        #expect(found[4]?.id == lives[3].insert.id && found[4]?.state == .queued)
        #expect(try bench.store.find([]).isEmpty)
        #expect(try bench.store.job(.key("cafe\u{301}"))?.insert.number == JobNumber(2))
    }

    @Test(arguments: StoreKind.allCases)
    func aKeyIsFoundInTheStateOfItsLastCommit(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var life = try bench.submit(1)[0]
        try bench.write { try life.complete(into: &$0) }
        #expect(try bench.store.find(["key-1"])[0]?.state == .completed)
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsNotThereIsNil(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        _ = try bench.submit(2)
        for number: UInt64 in [0, 3, UInt64(Int64.max) + 1, .max] {
            #expect(try bench.store.job(.number(JobNumber(number))) == nil)
            #expect(try bench.store.history(JobNumber(number), after: 0, limit: 1).moves.isEmpty)
            #expect(try bench.store.log(JobNumber(number), attempt: .none) == nil)
        }
        #expect(try bench.store.job(.id(JobID(high: 0, low: 0))) == nil)
        #expect(try bench.store.job(.key("key-3")) == nil)
        #expect(try bench.store.history(JobNumber(1), after: .max, limit: 1).moves.isEmpty)
    }

    @Test(arguments: StoreKind.allCases, [1, 2, 3, 7, 100])
    func historyIsPagedWithoutGapOrDouble(_ kind: StoreKind, _ limit: Int) throws {
        let bench = try StoreBench(kind)
        var life = try bench.submit(1)[0]
        for _ in 0..<4 {
            try bench.write { batch in
                try life.handle(.assigned, into: &batch)
                try life.handle(.requeued, into: &batch)
            }
        }
        var sequences: [UInt64] = []
        var isMore = true
        while isMore {
            let part = try bench.store.history(
                JobNumber(1),
                after: sequences.last ?? 0,
                limit: limit
            )
            #expect(part.moves.count == limit || !part.isMore)
            sequences += part.moves.map(\.sequence)
            isMore = part.isMore
        }
        #expect(sequences == Array(1...UInt64(life.row.machine.moves)))
        #expect(sequences.count == 13)
    }

    @Test(arguments: StoreKind.allCases)
    func logsAreKeptByAttempt(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        _ = try bench.submit(1)
        let number = JobNumber(1)
        try bench.write { batch in
            batch.logs.append(LogRow(number: number, attempt: AttemptNumber(10), tail: [10]))
            batch.logs.append(LogRow(number: number, attempt: AttemptNumber(2), tail: [2]))
        }
        try bench.write { batch in
            batch.logs.append(LogRow(number: number, attempt: AttemptNumber(2), tail: [3]))
        }
        #expect(try bench.store.log(number, attempt: .none)?.tail == [10])
        #expect(try bench.store.log(number, attempt: AttemptNumber(2))?.tail == [3])
        #expect(try bench.store.log(number, attempt: AttemptNumber(3)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func grantsAreReadInOrderOfAttempt(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var life = try bench.submit(1)[0]
        for _ in 1...3 {
            try bench.write { batch in
                try life.handle(.assigned, into: &batch)
                let attempt = life.row.machine.attempt
                try life.handle(.started(attempt), into: &batch)
                try life.handle(.ready(attempt), into: &batch)
                try life.handle(.requeued, into: &batch)
            }
        }
        try bench.reopen()
        let stored = try #require(try bench.store.load().jobs.first)
        #expect(stored.grants.map(\.attempt.rawValue) == [1, 2, 3])
        #expect(stored.row.machine.granted == AttemptNumber(3))
        #expect(try bench.store.job(.key("key-1"))?.grants == stored.grants)
        #expect(try bench.store.page(JobQuery()).jobs.first?.grants == stored.grants)
    }

    @Test(arguments: StoreKind.allCases)
    func aGrantGivenAgainReplacesItsFilm(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var life = try bench.submit(1)[0]
        try bench.write { batch in
            try life.handle(.assigned, into: &batch)
            try life.handle(.started(AttemptNumber(1)), into: &batch)
            try life.handle(.ready(AttemptNumber(1)), into: &batch)
        }
        let grant = Grant(attempt: AttemptNumber(1), size: 2_000, checksum: 8)
        try bench.write { batch in
            batch.grants.append(GrantRow(number: JobNumber(1), grant: grant, at: life.now))
        }
        #expect(try bench.store.job(.key("key-1"))?.grants == [grant])
    }
}
