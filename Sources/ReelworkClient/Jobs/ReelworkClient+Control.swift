// SPDX-License-Identifier: Apache-2.0
// Reelwork: retry, bump, pause a queue, drain a worker.

public import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

extension ReelworkClient {
    /// Runs ended jobs once more, each as a new job with the old one's spec.
    ///
    /// Answers one result each, in order, once the new jobs are on disk; its `number` is the new
    /// job's. A key is made for each here, so that where a connection breaks it is asked again and
    /// no job is retried twice. Many jobs go in several requests, one after another.
    /// A job that has not ended is answered PRECONDITION; the reason stands in the new job's
    /// history.
    public func retry(
        _ refs: [JobRef],
        reason: String
    ) async throws(ReelworkError) -> [ItemResult] {
        let jobs = refs.map { RetryJob.Item(ref: $0, key: Submission.newKey()) }
        return try await inBatches(jobs) { batch throws(ReelworkError) in
            try await perform(RetryJob.self, .init(jobs: batch, reason: reason), isSafe: true)
                .results
        }
    }

    /// Puts queued jobs before the first of their tenant, in this order.
    ///
    /// Answers one result each, in order. A job that is the first already is OK, so it may be asked
    /// again. Many jobs go in several requests, one after another.
    public func bump(
        _ refs: [JobRef],
        reason: String
    ) async throws(ReelworkError) -> [ItemResult] {
        try await inBatches(refs) { batch throws(ReelworkError) in
            try await perform(JobBump.self, .init(refs: batch, reason: reason), isSafe: true)
                .results
        }
    }

    /// Pauses a queue, of which nothing is assigned then, or resumes it.
    ///
    /// What runs goes on. A queue that is so already is OK, so it may be asked again.
    public func setQueue(
        _ queue: JobQueue,
        paused isPaused: Bool,
        reason: String
    ) async throws(ReelworkError) -> ItemResult {
        let request = QueueSet.Request(
            queue: queue,
            action: isPaused ? .pause : .resume,
            reason: reason
        )
        let results = try await perform(QueueSet.self, request, isSafe: true).results
        guard let result = results.first, results.count == 1 else { throw .answerOfOthers }
        return result
    }

    /// Drains a worker, takes that back, or removes it.
    ///
    /// Answers what came of it and how many attempts the worker still holds. What is so already is
    /// OK, so it may be asked again.
    public func setWorker(
        _ name: String,
        _ action: WorkerAction,
        reason: String
    ) async throws(ReelworkError) -> (result: ItemResult, open: UInt64) {
        var request = WorkerSet.Request(name: name, action: .drain, reason: reason)
        switch action {
        case .drain(let within): request.within = within
        case .resume: request.action = .resume
        case .remove: request.action = .remove
        }
        let answer = try await perform(WorkerSet.self, request, isSafe: true)
        guard let result = answer.results.first, answer.results.count == 1 else {
            throw .answerOfOthers
        }
        return (result, answer.open)
    }

    /// Asks in batches, one after another, and checks that each has a result for every item.
    private func inBatches<Item>(
        _ items: [Item],
        _ ask: ([Item]) async throws(ReelworkError) -> [ItemResult]
    ) async throws(ReelworkError) -> [ItemResult] {
        var results: [ItemResult] = []
        for start in stride(from: 0, to: items.count, by: Limits.batchItemsMax) {
            let batch = Array(items[start..<min(items.count, start + Limits.batchItemsMax)])
            let answers = try await ask(batch)
            guard answers.count == batch.count else { throw .answerOfOthers }
            results += answers
        }
        return results
    }
}
