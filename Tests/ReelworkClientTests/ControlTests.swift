// SPDX-License-Identifier: Apache-2.0
// Reelwork: the client library's changes of order and fleet, and its question why.

import ReelworkClient
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization
import Testing

// Goal: retries, bumps, queues, workers, loops and the question why are asked as the protocol says,
// each again after a lost answer without doing anything twice. Method: the real client and server,
// answers from a script.
@Suite(.timeLimit(.minutes(1)))
struct ControlTests {
    private func client(
        _ endpoint: String,
        _ role: ReelworkRole = .submitter
    ) async throws(ReelworkError) -> ReelworkClient {
        try await ReelworkClient.connect(
            ReelworkConfiguration(endpoints: [endpoint], role: role, agent: "test")
        )
    }

    /// Runs a test in which the first request finds its connection broken.
    private func run(
        _ answer: @escaping @Sendable (Asked, RPCIncoming) -> RPCDelivery?,
        _ body: (_ scheduler: FakeScheduler, _ rpc: String, _ admin: String) async throws -> Void
    ) async throws {
        let isFirst = Atomic<Bool>(true)
        try await FakeScheduler.run { asked, incoming in
            if isFirst.exchange(false, ordering: .relaxed) { return [incoming.hangUp()] }
            return answer(asked, incoming).map { [$0] } ?? []
        } _: { scheduler, rpc, admin in
            try await body(scheduler, rpc, admin)
        }
    }

    @Test func aRetryIsAskedAgainWithTheSameKeys() async throws {
        try await run { asked, incoming in
            guard case .retry(let request) = asked else { return nil }
            let results = request.jobs.indices.map { index in
                ItemResult(.ok, number: JobNumber(UInt64(index + 10)), state: .queued)
            }
            return incoming.answer(RetryJob.self, .init(results: results))
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            let refs = (1...3).map { JobRef.number(JobNumber($0)) }
            let results = try await client.retry(refs, reason: "again")
            #expect(results.map(\.number?.rawValue) == [10, 11, 12])
            let asked = scheduler.asked.compactMap { asked in
                if case .retry(let request) = asked { request } else { nil }
            }
            #expect(asked.count == 2 && asked[0].jobs == asked[1].jobs)
            #expect(asked[0].jobs.map(\.ref) == refs && asked[0].reason == "again")
            #expect(Set(asked[0].jobs.map(\.key)).count == 3)
            await client.close()
        }
    }

    @Test func manyJobsAreBumpedInBatchesInTheirOrder() async throws {
        try await run { asked, incoming in
            guard case .bump(let request) = asked else { return nil }
            let results = request.refs.map { _ in ItemResult(.ok) }
            return incoming.answer(JobBump.self, .init(results: results))
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            let refs = (1...5_000).map { JobRef.number(JobNumber($0)) }
            let results = try await client.bump(refs, reason: "tonight")
            #expect(results.count == 5_000)
            let asked = scheduler.asked.compactMap { asked in
                if case .bump(let request) = asked { request.refs } else { nil }
            }
            #expect(asked.count == 3 && asked[0] == asked[1] && asked[1] + asked[2] == refs)
            await client.close()
        }
    }

    @Test func fewerResultsThanJobsAreNoAnswer() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.answer(JobBump.self, .init(results: [ItemResult(.ok)]))]
        } _: { _, rpc, _ in
            let client = try await client(rpc)
            let refs = (1...2).map { JobRef.number(JobNumber($0)) }
            await #expect(throws: ReelworkError.self) {
                _ = try await client.bump(refs, reason: "")
            }
            await client.close()
        }
    }

    @Test func aQueueAndAWorkerAreSetAsAsked() async throws {
        try await run { asked, incoming in
            switch asked {
            case .queue:
                return incoming.answer(QueueSet.self, .init(results: [ItemResult(.ok)]))
            case .worker:
                let result = ItemResult(.precondition, detail: "it is alive")
                return incoming.answer(WorkerSet.self, .init(results: [result], open: 3))
            case .loop:
                return incoming.answer(LoopSet.self, .init(results: [ItemResult(.notFound)]))
            default: return nil
            }
        } _: { scheduler, rpc, admin in
            let client = try await client(rpc)
            #expect(
                try await client.setQueue(.batch, paused: true, reason: "a").code == .known(.ok)
            )
            _ = try await client.setQueue(.live, paused: false, reason: "b")
            let removed = try await client.setWorker("w", .remove, reason: "c")
            #expect(removed.result.code == .known(.precondition) && removed.open == 3)
            _ = try await client.setWorker("w", .drain(within: .seconds(9)), reason: "d")
            _ = try await client.setWorker("w", .resume, reason: "e")
            await client.close()
            let admin = try await self.client(admin, .admin)
            #expect(try await admin.setLoop("x", .stop, reason: "f").code == .known(.notFound))
            await admin.close()
            let asked = scheduler.asked.dropFirst().map(Self.words)
            #expect(
                asked == [
                    "batch pause a", "live resume b", "w remove nil c", "w drain 9.0 seconds d",
                    "w resume nil e", "x stop f",
                ]
            )
        }
    }

    private static func words(_ asked: Asked) -> String {
        switch asked {
        case .queue(let set): "\(set.queue.name) \(set.action) \(set.reason)"
        case .worker(let set):
            "\(set.name) \(set.action) \(set.within.map { "\($0)" } ?? "nil") \(set.reason)"
        case .loop(let set): "\(set.name) \(set.action) \(set.reason)"
        default: "\(asked)"
        }
    }

    @Test func whyIsAskedAndToldWhole() async throws {
        try await run { asked, incoming in
            guard case .why(let request) = asked, request.ref == .key("k") else { return nil }
            var response = JobWhy.Response(
                reasons: [.init(code: "busy", text: "w is full", count: 2)]
            )
            response.number = JobNumber(4)
            response.state = .known(.queued)
            response.rank = -7
            response.place = 3
            response.isPlaceAtLeast = true
            response.nextAt = Timestamp(milliseconds: 9)
            response.workers = [.init(name: "w", code: "odd", text: "is odd")]
            response.isCut = true
            return incoming.answer(JobWhy.self, response)
        } _: { _, rpc, _ in
            let client = try await client(rpc)
            let standing = try await client.why(.key("k"))
            #expect(standing.number == JobNumber(4) && standing.state == .known(.queued))
            #expect(standing.reasons.map(\.known) == [.busy])
            #expect(standing.reasons.map(\.text) == ["w is full"])
            #expect(standing.reasons.map(\.count) == [2])
            #expect(standing.rank == -7 && standing.place == 3 && standing.isPlaceAtLeast)
            #expect(standing.nextAt == Timestamp(milliseconds: 9))
            #expect(standing.workers.map(\.code) == ["odd"] && standing.isCut)
            await client.close()
        }
    }
}
