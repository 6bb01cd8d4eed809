// SPDX-License-Identifier: Apache-2.0
// Reelwork: a client's life with schedulers that die, leave, and do not answer.

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization
import Testing

@testable import ReelworkClient

// Goal: a client finds the scheduler that is there, a caller that gives up is back at once, and
// what waits is bounded.
// Method: the real client and server, answers from a script.
@Suite(.timeLimit(.minutes(1)))
struct LifeTests {
    private static let nobody = "unix:/tmp/reelwork-nobody-here"
    private static let job = JobRef.number(JobNumber(1))

    private func client(
        _ endpoints: [String],
        patience: Duration = .seconds(10),
        timeout: Duration? = nil
    ) async throws(ReelworkError) -> ReelworkClient {
        try await ReelworkClient.connect(
            ReelworkConfiguration(
                endpoints: endpoints,
                agent: "test",
                patience: patience,
                timeout: timeout
            )
        )
    }

    private static func canceled(_ incoming: RPCIncoming) -> [RPCDelivery] {
        [incoming.answer(CancelJob.self, .init(results: [ItemResult(.ok)]))]
    }

    private static func accept(_ request: SubmitBatch.Request) -> SubmitBatch.Response {
        .init(results: request.items.map { _ in SubmitResult(.ok, state: .queued) })
    }

    // MARK: - Several endpoints

    @Test func anEndpointThatIsDeadIsPassedOver() async throws {
        try await FakeScheduler.run { _, incoming in
            Self.canceled(incoming)
        } _: { scheduler, rpc, _ in
            let client = try await client([Self.nobody, rpc])
            for _ in 0..<3 { _ = try await client.cancel([Self.job], reason: "r") }
            #expect(scheduler.asked.count == 3)
            await client.close()
        }
    }

    @Test func aSchedulerThatDiesIsReplacedByTheNext() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.hangUp()]
        } _: { first, firstEndpoint, _ in
            try await FakeScheduler.run { _, incoming in
                Self.canceled(incoming)
            } _: { second, secondEndpoint, _ in
                let client = try await client([firstEndpoint, secondEndpoint])
                let calling = Task { try await client.cancel([Self.job], reason: "r") }
                await first.askedOnce()
                await first.stop()
                #expect(try await calling.value == [ItemResult(.ok)])
                // It is remembered: the dead one is not even tried.
                _ = try await client.cancel([Self.job], reason: "r")
                #expect(second.asked.count == 2)
                await client.close()
            }
        }
    }

    @Test func aSchedulerThatDrainsSendsItsClientsToTheNext() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.error(.draining, retryAfter: .seconds(30))]
        } _: { first, firstEndpoint, _ in
            try await FakeScheduler.run { _, incoming in
                Self.canceled(incoming)
            } _: { second, secondEndpoint, _ in
                let client = try await client(
                    [firstEndpoint, secondEndpoint],
                    patience: .seconds(45)
                )
                let start = ContinuousClock.now
                for _ in 0..<2 { _ = try await client.cancel([Self.job], reason: "r") }
                // What the first asked to wait does not hold for the second.
                #expect(start.duration(to: .now) < .seconds(10))
                #expect(first.asked.count == 1)
                #expect(second.asked.count == 2)
                await client.close()
            }
        }
    }

    @Test func whoStaysAwayIsSaidOfEach() async throws {
        do throws(ReelworkError) {
            _ = try await client([Self.nobody, Self.nobody + "-either"])
            Issue.record("somebody is there")
        } catch {
            #expect(error.code == .notReachable)
            #expect(error.message.contains("any of 2 endpoints"))
            #expect(error.cause?.contains(Self.nobody + "-either") == true)
        }
    }

    @Test func patienceEndsWhereNobodyComesBack() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.hangUp()]
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc], patience: .milliseconds(500))
            let calling = Task { try await client.cancel([Self.job], reason: "r") }
            await scheduler.askedOnce()
            await scheduler.stop()
            do {
                _ = try await calling.value
                Issue.record("it was answered")
            } catch let error as ReelworkError {
                // Unreachable by now, or never sure whether it was done.
                #expect(error.code == .notReachable || error.code == .outcomeUnknown)
                #expect(!error.message.isEmpty)
            }
            await client.close()
        }
    }

    // MARK: - Giving up

    @Test func aTaskThatIsCanceledReturnsAndTheSchedulerIsTold() async throws {
        try await FakeScheduler.run { _, _ in
            []
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc])
            let task = Task { try await client.job(Self.job) }
            await scheduler.askedOnce()
            task.cancel()
            do {
                _ = try await task.value
                Issue.record("it was answered")
            } catch let error as ReelworkError {
                #expect(error.code == .canceled)
            }
            await scheduler.canceledOnce()
            await client.close()
        }
    }

    @Test func aTaskThatWaitsForAConnectionMayBeCanceled() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.hangUp()]
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc], patience: .seconds(3_600))
            let task = Task { try await client.cancel([Self.job], reason: "r") }
            await scheduler.askedOnce()
            await scheduler.stop()
            while client.keeper.waiterCount == 0 { await Task.yield() }
            task.cancel()
            do {
                _ = try await task.value
                Issue.record("it was answered")
            } catch let error as ReelworkError {
                #expect(error.code == .canceled)
            }
            await client.close()
        }
    }

    @Test func aCallTakesNoLongerThanItMay() async throws {
        try await FakeScheduler.run { asked, incoming in
            // BUSY again and again: the limit is over all that is asked again.
            if case .cancel = asked {
                return [incoming.error(.busy, retryAfter: .milliseconds(1))]
            }
            return []
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc], patience: .seconds(3_600))
            let hurried = client.within(.milliseconds(200))
            for call in 0..<2 {
                do throws(ReelworkError) {
                    if call == 0 {
                        _ = try await hurried.job(Self.job)
                    } else {
                        _ = try await hurried.cancel([Self.job], reason: "r")
                    }
                    Issue.record("it was answered")
                } catch {
                    #expect(error.code == .timeout)
                    #expect(error.message.contains("200ms"))
                }
            }
            await scheduler.canceledOnce()
            await client.close()
        }
    }

    @Test func aWatchThatIsCanceledIsTakenBack() async throws {
        try await FakeScheduler.run { _, _ in
            []
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc])
            let task = Task { for try await _ in client.watch() {} }
            await scheduler.askedOnce()
            task.cancel()
            await #expect(throws: ReelworkError.self) { try await task.value }
            await scheduler.canceledOnce()
            await client.close()
        }
    }

    // MARK: - Backpressure

    // What waits is not even encoded: the connection's own queue stays empty.
    @Test func callsBeyondTheLimitWaitAndAreAllAnswered() async throws {
        let watched = Noted(0)
        let held = Noted<[RPCIncoming]>([])
        let isReleased = Noted(false)
        let count = 3_000
        let half = Limits.requestsInFlightMax / 2
        try await FakeScheduler.run { asked, incoming in
            if case .watch = asked {
                watched.note { $0 += 1 }
                return []
            }
            if isReleased.value { return Self.canceled(incoming) }
            held.note { $0.append(incoming) }
            return []
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc])
            // Watches fill their half and never end; calls go on all the same.
            let watching = (0..<40).map { _ in
                Task { for try await _ in client.watch([Self.job]) {} }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<count {
                    group.addTask { _ = try await client.cancel([Self.job], reason: "r") }
                }
                while client.calls.waitingCount < count - half || held.value.count < half
                    || watched.value < half
                { await Task.yield() }
                #expect(client.calls.waitingCount == count - half)
                #expect(held.value.count == half)
                isReleased.note { $0 = true }
                scheduler.deliver(held.value.flatMap { Self.canceled($0) })
                try await group.waitForAll()
            }
            #expect(scheduler.asked.count == count + half)
            #expect(watched.value == half)
            for task in watching { task.cancel() }
            await client.close()
        }
    }

    @Test func aHundredThousandJobsTakeMemoryForAFewBatchesOnly() async throws {
        try await FakeScheduler.run { asked, incoming in
            guard case .submit(let request) = asked else { return [] }
            return [incoming.answer(SubmitBatch.self, Self.accept(request))]
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc])
            let source = CountedJobs(count: 100_000)
            var told: [String] = []
            var most = 0
            let tally = try await client.submit(from: source, batchItemsMax: 1_000) { jobs, _ in
                most = max(most, source.made.load(ordering: .relaxed) - told.count)
                told += jobs.map(\.key)
            }
            #expect(tally.accepted == 100_000)
            #expect(told.count == 100_000)
            #expect(told == (0..<100_000).map { "key-\($0)" })
            // Four batches on their way, one that is being filled, and one job more.
            #expect(most <= (Limits.submitBatchesInFlight + 1) * 1_000 + 1)
            #expect(scheduler.asked.count == 100)
            await client.close()
        }
    }

    @Test func whereTheSequenceFailsWhatIsOnItsWayIsStillTold() async throws {
        try await FakeScheduler.run { asked, incoming in
            guard case .submit(let request) = asked else { return [] }
            return [incoming.answer(SubmitBatch.self, Self.accept(request))]
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc])
            var told = 0
            await #expect(throws: CountedJobs.Broken.self) {
                let source = CountedJobs(count: 100, failsAt: 55)
                _ = try await client.submit(from: source, batchItemsMax: 10) { jobs, _ in
                    told += jobs.count
                }
            }
            #expect(told == 50)
            await client.close()
        }
    }

    @Test func whereABatchIsRefusedTheOthersAreToldAndTheErrorIsThrown() async throws {
        try await FakeScheduler.run { asked, incoming in
            guard case .submit(let request) = asked else { return [] }
            if request.items.contains(where: { $0.key == "key-25" }) {
                return [incoming.error(.invalidArgument)]
            }
            return [incoming.answer(SubmitBatch.self, Self.accept(request))]
        } _: { scheduler, rpc, _ in
            let client = try await client([rpc])
            var told: [String] = []
            do {
                _ = try await client.submit(from: CountedJobs(count: 1_000), batchItemsMax: 10) {
                    jobs,
                    _ in told += jobs.map(\.key)
                }
                Issue.record("all were accepted")
            } catch let error as ReelworkError {
                #expect(error.code == .refused(.known(.invalidArgument)))
            }
            #expect(told.prefix(20).map { $0 } == (0..<20).map { "key-\($0)" })
            #expect(!told.contains("key-25"))
            #expect(scheduler.asked.count <= 2 + Limits.submitBatchesInFlight)
            await client.close()
        }
    }

    @Test func aBatchThatIsTooLargeForTheSchedulerGoesInParts() async throws {
        try await FakeScheduler.run { asked, incoming in
            guard case .submit(let request) = asked else { return [] }
            guard request.items.count <= 10 else { return [incoming.error(.frameTooLarge)] }
            let results = request.items.map { item in
                SubmitResult(.ok, number: JobNumber(UInt64(item.key) ?? 0))
            }
            return [incoming.answer(SubmitBatch.self, .init(results: results))]
        } _: { _, rpc, _ in
            let client = try await client([rpc])
            let spec = JobSpec(input: "/in", output: "/out")
            let jobs = (1...100).map { Submission(spec, key: "\($0)") }
            let results = try await client.submit(jobs)
            #expect(results.map(\.number.rawValue) == Array(1...100))
            await #expect(throws: ReelworkError.self) {
                try await client.submit(jobs, isAtomic: true)
            }
            await client.close()
        }
    }

    // Over a real scheduler such items cost the connection.
    @Test func itemsThatNoRequestHoldsAreRefusedAloneAndInPlace() async throws {
        try await RealScheduler.run { scheduler in
            let client = try await scheduler.client()
            let value = String(repeating: "x", count: 30_000)
            var huge = RealScheduler.job("huge")
            huge.spec.parameters = ["a", "b", "c"].map { Parameter(key: $0, value: value) }
            let jobs = [
                RealScheduler.job("1"), huge, RealScheduler.job("2", key: ""),
                RealScheduler.job("3", key: String(repeating: "k", count: 256)),
                RealScheduler.job("4", key: String(repeating: "k", count: 255)),
            ]
            let results = try await client.submit(jobs)
            let codes: [ResultCode?] = [
                .ok, .invalidArgument, .invalidArgument, .invalidArgument, .ok,
            ]
            #expect(results.map(\.code.value) == codes)
            #expect(results.map { ($0.detail ?? "").isEmpty } == [true, false, false, false, true])
            do throws(ReelworkError) {
                _ = try await client.submit(jobs, isAtomic: true)
                Issue.record("all were accepted")
            } catch {
                #expect(error.code == .tooLarge)
                #expect(error.message.contains("job 2 of 5"))
            }
            #expect(try await scheduler.count() == 2)
            await client.close()
        }
    }

    @Test func largeJobsAreCutByBytes() {
        let spec = JobSpec(
            input: "/in",
            output: "/out",
            parameters: [Parameter(key: "p", value: String(repeating: "x", count: 30_000))]
        )
        var buffer = SubmitBuffer(itemsMax: 4_096, bytesMax: 128 << 10)
        var batches: [Int] = []
        for index in 0..<10 {
            if let full = buffer.add(Submission(spec, key: "\(index)")) {
                batches.append(full.count)
            }
        }
        if let rest = buffer.takeRest() { batches.append(rest.count) }
        #expect(batches == [4, 4, 2])
    }
}
