// SPDX-License-Identifier: Apache-2.0
// Reelwork: pauses and marks are kept

import ReelworkCore
import ReelworkTestKit
import Testing

// Goal: what an admin said of queues, and what workers did to jobs, outlives the process; marks go
// when they are told to. Method: written, read back after opening again, written once more.
@Suite struct MarkTests {
    private func mark(
        _ number: UInt64,
        _ worker: String,
        _ kind: JobMarkRow.Kind,
        incarnation: UInt64 = 1,
        at: Int64 = 5
    ) -> JobMarkRow {
        JobMarkRow(
            number: JobNumber(number),
            worker: worker,
            kind: kind,
            incarnation: incarnation,
            at: Timestamp(milliseconds: at)
        )
    }

    @Test(arguments: StoreKind.allCases)
    func aQueueStandsAsItWasSetLast(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        let paused = QueueRow(
            queue: .batch,
            paused: Timestamp(milliseconds: 9),
            actor: "uid:0",
            reason: "the disk array is moved"
        )
        let live = QueueRow(queue: .live, paused: nil, actor: "", reason: "")
        try bench.write { $0.queues = [paused, live] }
        try bench.reopen()
        #expect(try bench.store.load().queues == [live, paused])
        let resumed = QueueRow(queue: .batch, paused: nil, actor: "uid:7", reason: "done")
        try bench.write { $0.queues = [resumed] }
        try bench.reopen()
        #expect(try bench.store.load().queues == [live, resumed])
    }

    @Test(arguments: StoreKind.allCases)
    func marksAreKeptOnceAndGoWhenToldTo(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        _ = try bench.submit(2)
        let marks = [
            mark(1, "a", .refused), mark(1, "a", .died, incarnation: .max),
            mark(1, "a", .died), mark(1, "b", .failed), mark(2, "", .refused),
        ]
        try bench.write { $0.marks = marks.reversed() }
        // Said again at another time: the first word stands.
        try bench.write { $0.marks = [mark(1, "b", .failed, at: 99)] }
        try bench.reopen()
        #expect(try bench.store.load().marks == marks)
        #expect(try bench.store.check(isDeep: true).allSatisfy { $0.isSound })
        try bench.write { $0.marksRemoved = [JobNumber(1), JobNumber(77)] }
        try bench.reopen()
        #expect(try bench.store.load().marks == [marks[4]])
    }

    @Test(arguments: StoreKind.allCases)
    func aMarkOfAnUnknownJobIsRefusedWithItsBatch(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        _ = try bench.submit(1)
        #expect(throws: StoreError.self) {
            try bench.write { batch in
                batch.marks = [mark(1, "a", .died), mark(2, "a", .died)]
            }
        }
        #expect(try bench.store.load().marks.isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func aWorkersDrainAndCordonAreReadBackAndEnd(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        var row = WorkerRow(
            registration: WorkerTests.full,
            registered: Timestamp(milliseconds: 1),
            isDraining: true,
            drainUntil: Timestamp(milliseconds: 42),
            cordon: Cordon(since: Timestamp(milliseconds: 3), reason: "failed what others did")
        )
        try bench.write { $0.workers = [row] }
        try bench.reopen()
        #expect(try bench.store.load().workers == [row])
        row.drainUntil = nil
        row.cordon = nil
        try bench.write { $0.workers = [row] }
        try bench.reopen()
        #expect(try bench.store.load().workers == [row])
    }

    @Test(arguments: StoreKind.allCases)
    func aKeyTellsWhichJobItRepeats(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        _ = try bench.submit(1)
        var repeated = JobLife(2)
        try bench.write { batch in
            repeated.submit(into: &batch)
            batch.inserts[0].retryOf = JobNumber(1)
        }
        let keys = try bench.store.find(["key-1", "key-2", "key-3"])
        #expect(keys.map { $0?.retryOf } == [nil, JobNumber(1), nil])
        #expect(keys.map { $0?.number } == [JobNumber(1), JobNumber(2), nil])
    }
}
