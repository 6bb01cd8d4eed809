// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is applied is read back

import ReelworkCore
import ReelworkTestKit
import Testing

// Goal: nothing is lost, changed or cut on its way to the store and back, with and without closing
// it. Method: rows whose every field has its own value, at the ends of its range; equality of the
// whole.
@Suite struct WriteTests {
    /// Texts that stores are known to spoil.
    static let texts = [
        "", " ", "é", "e\u{301}", "𝄞 日本語 🎬", "a\0b\0", "it's \"quoted\"; DROP TABLE job; --",
        "line\r\nline\ttab", "\u{FEFF}bom", String(repeating: "ü", count: 2_048),
    ]

    @Test(arguments: StoreKind.allCases, texts)
    func everyFieldIsReadBack(_ kind: StoreKind, _ text: String) throws {
        let bench = try StoreBench(kind)
        var life = JobLife(9_007_199_254_740_993, key: text, queue: .live, priority: .low)
        life.insert.id = JobID(high: .max, low: 0x8000_0000_0000_0001)
        life.insert.tenant = text
        life.insert.retriesMax = .max
        life.insert.created = Timestamp(milliseconds: .min)
        life.insert.retryOf = JobNumber(3)
        life.insert.spec = Array((0..<1_024).map { UInt8(truncatingIfNeeded: $0) })
        life.row.rank = Rank(value: .min)
        life.row.error = text
        life.row.notBefore = Timestamp(milliseconds: .max)
        life.row.deadline = Timestamp(milliseconds: -1)
        life.row.failure = .resourceError
        try bench.write { batch in
            life.submit(into: &batch)
            try life.handle(.assigned, worker: text, into: &batch)
            life.row.engine = text
            try life.handle(.started(AttemptNumber(1)), into: &batch)
            try life.handle(.ready(AttemptNumber(1)), into: &batch)
            batch.grants[0].grant.size = .max
            batch.grants[0].grant.checksum = .max
            for index in batch.moves.indices {
                batch.moves[index].reason = text
                batch.moves[index].actor = text
                batch.moves[index].detail = text
                batch.moves[index].failure = .capabilityMismatch
            }
            batch.moves[1].detail = nil
            batch.moves[2].failure = nil
            batch.logs.append(
                LogRow(
                    number: life.insert.number,
                    attempt: AttemptNumber(1),
                    tail: Array(text.utf8)
                )
            )
        }
        try bench.reopen()
        let stored = try #require(try bench.store.job(.number(life.insert.number)))
        #expect(stored.insert == life.insert)
        #expect(stored.row == life.row)
        #expect(stored.insert.key.utf8.elementsEqual(text.utf8))
        #expect(stored.insert.tenant.utf8.elementsEqual(text.utf8))
        #expect(stored.row.worker.utf8.elementsEqual(text.utf8))
        #expect(
            stored.grants == [Grant(attempt: AttemptNumber(1), size: .max, checksum: .max)]
        )
        let history = try bench.store.history(life.insert.number, after: 0, limit: 10)
        #expect(history.moves.map(\.sequence) == [1, 2, 3])
        #expect(history.moves.map(\.detail) == [text, nil, text])
        #expect(
            history.moves.map(\.failure)
                == [.known(.capabilityMismatch), .known(.capabilityMismatch), nil]
        )
        #expect(history.moves.allSatisfy { $0.reason.utf8.elementsEqual(text.utf8) })
        #expect(history.moves.map(\.attempt.rawValue) == [0, 1, 1])
        let log = try bench.store.log(life.insert.number, attempt: .none)
        #expect(log == StoredLog(attempt: AttemptNumber(1), tail: Array(text.utf8)))
    }

    @Test(arguments: StoreKind.allCases)
    func emptyAndLargestBytesAreKept(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        let largest = [UInt8](repeating: 0xFF, count: Limits.specBytesMax)
        try bench.write { batch in
            for (number, spec) in [(UInt64(1), [UInt8]()), (2, largest)] {
                var life = JobLife(number, spec: spec)
                life.submit(into: &batch)
                batch.logs.append(
                    LogRow(number: JobNumber(number), attempt: AttemptNumber(1), tail: spec)
                )
            }
        }
        try bench.reopen()
        for (number, spec) in [(UInt64(1), [UInt8]()), (2, largest)] {
            #expect(try bench.store.job(.number(JobNumber(number)))?.insert.spec == spec)
            let log = try bench.store.log(JobNumber(number), attempt: AttemptNumber(1))
            #expect(log?.tail == spec)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func everyFieldThatCanBeMissingIsMissing(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        let life = try bench.submit(1)[0]
        try bench.reopen()
        let stored = try #require(try bench.store.job(.id(life.insert.id)))
        #expect(stored == StoredJob(insert: life.insert, row: life.row))
        #expect(stored.row.notBefore == nil && stored.row.failure == nil)
        #expect(stored.row.error == nil && stored.row.completed == nil)
        #expect(try bench.store.log(JobNumber(1), attempt: .none) == nil)
    }

    // Lesson 16: history lacked failures, retries and completions.
    @Test(arguments: StoreKind.allCases)
    func everyEndOfALifeIsKept(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var lives = try bench.submit(6)
        try bench.write { batch in
            try lives[0].complete(into: &batch)
            try lives[1].handle(.canceled, into: &batch)
            try lives[2].handle(.rejected, into: &batch)
            try lives[3].handle(.failedByForce, into: &batch)
            try lives[4].handle(.assigned, into: &batch)
            try lives[4].handle(.timedOut, into: &batch)
            try lives[5].handle(.assigned, into: &batch)
            try lives[5].handle(.workerLost, into: &batch)
            try lives[5].handle(.adopted(AttemptNumber(1)), into: &batch)
        }
        try bench.reopen()
        for life in lives {
            #expect(try bench.store.job(.number(life.insert.number))?.row == life.row)
        }
        let states = lives.map(\.row.machine.state)
        #expect(states == [.completed, .canceled, .rejected, .failed, .retrying, .assigned])
        let timedOut = try bench.store.history(JobNumber(5), after: 2, limit: 5).moves
        #expect(timedOut.map(\.to) == [.known(.timedOut), .known(.retrying)])
        let counts = try bench.store.counts()
        #expect(counts.values.reduce(0, +) == 6)
        #expect(counts[.retrying] == 1 && counts[.completed] == 1 && counts[.queued] == nil)
        #expect(try bench.store.check(isDeep: true).allSatisfy { $0.isSound })
    }

    @Test(arguments: StoreKind.allCases)
    func aRowWithoutMovesMayChange(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var life = try bench.submit(1)[0]
        life.row.rank = Rank(value: -5)
        life.row.deadline = Timestamp(milliseconds: 12)
        try bench.write { $0.rows.append(life.row) }
        #expect(try bench.store.job(.key("key-1"))?.row == life.row)
    }

    @Test(arguments: StoreKind.allCases)
    func anEmptyBatchIsNothing(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        try bench.store.apply(StoreBatch())
        #expect(try bench.store.load().nextNumber == JobNumber(1))
    }

    @Test(arguments: StoreKind.allCases)
    func theIdentityStays(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        let identity = try bench.store.identity()
        try bench.reopen()
        #expect(try bench.store.identity() == identity)
        #expect(identity.epoch == 1 && identity.cluster != JobID(high: 0, low: 0))
    }
}
