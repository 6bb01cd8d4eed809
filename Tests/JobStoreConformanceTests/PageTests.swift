// SPDX-License-Identifier: Apache-2.0
// Reelwork: pages of jobs

import ReelworkCore
import ReelworkTestKit
import Testing

// Goal: pages show every job that matches, once, in order, whatever is inserted meanwhile.
// Method: 30 jobs over queues, states and workers; each filter, both directions and several page
// sizes are compared with the same filter over the lives.
@Suite struct PageTests {
    static let queries: [JobQuery] = [
        JobQuery(),
        JobQuery(states: [.queued]),
        JobQuery(states: [.completed, .canceled]),
        JobQuery(states: [.rejected]),
        JobQuery(queue: .live),
        JobQuery(worker: "w2"),
        JobQuery(worker: "none"),
        JobQuery(states: [.completed], queue: .batch, worker: "w1"),
    ]

    @Test(arguments: StoreKind.allCases, queries)
    func everyMatchIsShownOnceInOrder(_ kind: StoreKind, _ query: JobQuery) throws {
        let bench = try StoreBench(kind)
        let lives = try PageTests.fill(bench)
        let matches = lives.filter { life in
            (query.states.isEmpty || query.states.contains(life.row.machine.state))
                && (query.queue == nil || query.queue == life.insert.queue)
                && (query.worker.isEmpty || query.worker == life.row.worker)
        }
        for limit in [1, 4, 30, 1_000] {
            for isOldestFirst in [true, false] {
                var query = query
                query.limit = limit
                query.isOldestFirst = isOldestFirst
                let jobs = try PageTests.all(bench.store, query)
                let expected = isOldestFirst ? matches : matches.reversed()
                #expect(jobs.map(\.insert) == expected.map(\.insert))
                #expect(jobs.map(\.row) == expected.map(\.row))
            }
        }
    }

    @Test(arguments: StoreKind.allCases, [true, false])
    func pagesAreStableUnderInserts(_ kind: StoreKind, _ isOldestFirst: Bool) throws {
        let bench = try StoreBench(kind)
        _ = try bench.submit(10)
        var query = JobQuery(limit: 3, isOldestFirst: isOldestFirst)
        var seen: [UInt64] = []
        var numberNext: UInt64 = 11
        var pages = 0
        while pages < 20 {
            pages += 1
            let page = try bench.store.page(query)
            seen += page.jobs.map(\.insert.number.rawValue)
            if numberNext < 14 {
                var life = JobLife(numberNext)
                try bench.write { life.submit(into: &$0) }
                numberNext += 1
            }
            guard let next = page.next else { break }
            query.after = next
        }
        // The oldest first meets the new ones at the end; the newest first has passed them.
        #expect(seen == (isOldestFirst ? Array(1...13) : Array((1...10).reversed())))
    }

    @Test(arguments: StoreKind.allCases)
    func cursorsOutsideOfTheJobsAreSound(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        _ = try bench.submit(3)
        let cursors: [(after: UInt64, oldest: [UInt64], newest: [UInt64])] = [
            (0, [1, 2, 3], []), (1, [2, 3], []), (3, [], [2, 1]), (4, [], [3, 2, 1]),
            (.max, [], [3, 2, 1]),
        ]
        for cursor in cursors {
            var query = JobQuery(limit: 5, after: JobNumber(cursor.after), isOldestFirst: true)
            #expect(
                try bench.store.page(query).jobs.map(\.insert.number.rawValue) == cursor.oldest
            )
            query.isOldestFirst = false
            #expect(
                try bench.store.page(query).jobs.map(\.insert.number.rawValue) == cursor.newest
            )
        }
        #expect(try bench.store.page(JobQuery(limit: 0)).jobs.count == 1)
        #expect(try bench.store.page(JobQuery(limit: .max)).jobs.count == 3)
    }

    @Test(arguments: StoreKind.allCases, [true, false])
    func farApartNumbersAreAllReached(_ kind: StoreKind, _ isOldestFirst: Bool) throws {
        let bench = try StoreBench(kind)
        let numbers: [UInt64] = [1, 65_536, 65_537, 131_073, 400_000]
        try bench.write { batch in
            for number in numbers {
                var life = JobLife(number)
                life.submit(into: &batch)
            }
        }
        let query = JobQuery(limit: 2, isOldestFirst: isOldestFirst)
        let seen = try PageTests.all(bench.store, query).map(\.insert.number.rawValue)
        #expect(seen == (isOldestFirst ? numbers : numbers.reversed()))
    }

    @Test(arguments: StoreKind.allCases)
    func anEmptyStoreHasOneEmptyPage(_ kind: StoreKind) throws {
        let bench = try StoreBench(kind)
        for isOldestFirst in [true, false] {
            let page = try bench.store.page(JobQuery(isOldestFirst: isOldestFirst))
            #expect(page == JobPage(jobs: [], next: nil))
        }
    }

    /// 30 jobs: the queue goes by 3, the state by 5, the worker by 2.
    private static func fill(_ bench: StoreBench) throws -> [JobLife] {
        var lives: [JobLife] = []
        for number: UInt64 in 1...30 {
            var life = JobLife(number, queue: [.live, .standard, .batch][Int(number % 3)])
            try bench.write { batch in
                life.submit(into: &batch)
                let worker = number.isMultiple(of: 2) ? "w1" : "w2"
                switch number % 5 {
                case 0: try life.complete(by: worker, into: &batch)
                case 1: try life.handle(.canceled, into: &batch)
                case 2: try life.handle(.assigned, worker: worker, into: &batch)
                default: break
                }
            }
            lives.append(life)
        }
        return lives
    }

    /// Follows the cursor to the end; at most 200 pages.
    private static func all(_ store: any JobStore, _ query: JobQuery) throws -> [StoredJob] {
        var query = query
        var jobs: [StoredJob] = []
        for _ in 0..<200 {
            let page = try store.page(query)
            #expect(page.jobs.count <= query.limit)
            jobs += page.jobs
            guard let next = page.next else { return jobs }
            query.after = next
        }
        Issue.record("the pages do not end")
        return jobs
    }
}
