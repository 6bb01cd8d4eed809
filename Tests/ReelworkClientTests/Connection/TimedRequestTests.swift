// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of how long an answer is of use.

import ReelworkClient
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: a scheduler is told how long an answer is of use, so that it does nothing for nobody: what
// is left of the time, and nothing where there is no limit.
// Method: a scheduler by script notes the tag of every kind of request; the first answer is BUSY.
@Suite(.timeLimit(.minutes(1)))
struct TimedRequestTests {
    private static func tags(_ asked: Asked) -> RequestTags {
        switch asked {
        case .submit(let request): request.tags
        case .job(let request): request.tags
        case .list(let request): request.tags
        case .watch(let request): request.tags
        case .cancel(let request): request.tags
        case .history(let request): request.tags
        case .log(let request): request.tags
        case .workers(let request): request.tags
        case .metrics(let request): request.tags
        case .recover(let request): request.tags
        case .why(let request): request.tags
        case .retry(let request): request.tags
        case .bump(let request): request.tags
        case .queue(let request): request.tags
        case .worker(let request): request.tags
        case .loop(let request): request.tags
        case .loops: .none
        case .check(let request): request.tags
        }
    }

    @Test func everyRequestSaysHowLongItsAnswerIsOfUse() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.error(.busy, retryAfter: .milliseconds(200))]
        } _: { scheduler, rpc, _ in
            let client = try await ReelworkClient.connect(
                ReelworkConfiguration(endpoints: [rpc], agent: "test", patience: .seconds(1))
            )
            let job = JobRef.number(JobNumber(1))
            let calls: [@Sendable (ReelworkClient) async throws -> Void] = [
                { _ = try await $0.job(job) },
                { _ = try await $0.jobs() },
                { _ = try await $0.history(job) },
                { _ = try await $0.log(job) },
                { _ = try await $0.workers() },
                { _ = try await $0.metrics() },
                { _ = try await $0.cancel([job], reason: "r") },
                { _ = try await $0.why(job) },
                { _ = try await $0.retry([job], reason: "r") },
                { _ = try await $0.bump([job], reason: "r") },
                { _ = try await $0.setQueue(.live, paused: true, reason: "r") },
                { _ = try await $0.setWorker("w", .resume, reason: "r") },
                { _ = try await $0.submit([Submission(JobSpec(input: "/i", output: "/o"))]) },
            ]
            for limit in [Duration.seconds(60), nil] {
                let before = scheduler.asked.count
                let limited = client.within(limit)
                await withTaskGroup(of: Void.self) { group in
                    for call in calls { group.addTask { try? await call(limited) } }
                }
                let told = scheduler.asked.dropFirst(before).map { Self.tags($0).timeout }
                #expect(told.count > calls.count, "nothing was asked again")
                guard let limit else {
                    #expect(told.allSatisfy { $0 == nil })
                    continue
                }
                let times = told.compactMap { $0 }
                #expect(times.count == told.count)
                #expect(times.allSatisfy { $0 > .seconds(50) && $0 <= limit })
                // Asked again, it has less time.
                #expect(times.contains { $0 < limit - .milliseconds(150) })
            }
            await client.close()
        }
    }
}
