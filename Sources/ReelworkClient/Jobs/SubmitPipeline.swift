// SPDX-License-Identifier: Apache-2.0
// Reelwork: batches on their way, told in order.

internal import ReelworkCore

/// Batches on their way, told in order; never more than `Limits.submitBatchesInFlight`.
struct SubmitPipeline {
    typealias Told = ([Submission], [SubmitResult]) async throws -> Void
    typealias Group = ThrowingTaskGroup<Answer, any Error>

    /// What came of one batch.
    struct Answer: Sendable {
        var index: Int
        var jobs: [Submission]
        var outcome: Result<[SubmitResult], ReelworkError>
    }

    /// What was told so far.
    private(set) var tally = SubmitTally()
    private var sent = 0
    private var next = 0
    private var early: [Int: Answer] = [:]

    /// Batches whose results were not told yet.
    var outstanding: Int { sent - next }

    /// Waits until one more may go.
    mutating func makeRoom(_ group: inout Group, _ told: Told) async throws {
        while outstanding >= Limits.submitBatchesInFlight {
            try await takeOne(&group, told)
        }
    }

    /// Sends a batch.
    mutating func send(_ jobs: [Submission], _ group: inout Group, _ client: ReelworkClient) {
        let index = sent
        sent += 1
        group.addTask {
            do throws(ReelworkError) {
                let results = try await client.submit(batch: jobs, isAtomic: false)
                return Answer(index: index, jobs: jobs, outcome: .success(results))
            } catch {
                return Answer(index: index, jobs: jobs, outcome: .failure(error))
            }
        }
    }

    /// Waits for all that are on their way and tells them; the first failure is thrown at the end.
    mutating func finish(_ group: inout Group, _ told: Told) async throws {
        var failure: (any Error)?
        while outstanding > 0 {
            do {
                try await takeOne(&group, told)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private mutating func takeOne(_ group: inout Group, _ told: Told) async throws {
        while early[next] == nil {
            guard let answer = try await group.next() else { return }
            early[answer.index] = answer
        }
        guard let answer = early.removeValue(forKey: next) else { return }
        next += 1
        let results = try answer.outcome.get()
        for result in results { tally.add(result) }
        try await told(answer.jobs, results)
    }
}
