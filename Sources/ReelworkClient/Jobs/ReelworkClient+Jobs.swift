// SPDX-License-Identifier: Apache-2.0
// Reelwork: submit, look, cancel.

public import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

extension ReelworkClient {
    /// Submits jobs; answers one result each, in order, once they are on disk.
    ///
    /// Many jobs go in several requests, one after another. `isAtomic`: all or none, in one.
    public func submit(
        _ jobs: [Submission],
        isAtomic: Bool = false
    ) async throws(ReelworkError) -> [SubmitResult] {
        let items = jobs.map { SubmitItem(key: $0.key, spec: $0.spec.encoded) }
        var results: [SubmitResult] = []
        results.reserveCapacity(items.count)
        let batches = ReelworkClient.batches(items)
        guard !isAtomic || batches.count <= 1 else {
            throw ReelworkError(
                .tooLarge,
                "\(jobs.count) jobs are too many to be accepted or refused together; submit at "
                    + "most \(Limits.batchItemsMax)"
            )
        }
        for batch in batches {
            let answer = try await perform(
                SubmitBatch.self,
                .init(isAtomic: isAtomic, items: Array(batch)),
                isSafe: true
            )
            guard answer.results.count == batch.count else {
                throw ReelworkError(.notUnderstood, "the scheduler answered for other jobs")
            }
            results += answer.results
        }
        return results
    }

    /// Cuts a submission into requests that a server takes: so many items, so many bytes.
    static func batches(_ items: [SubmitItem]) -> [ArraySlice<SubmitItem>] {
        var batches: [ArraySlice<SubmitItem>] = []
        var start = 0
        var bytes = 0
        for (index, item) in items.enumerated() {
            let size = item.spec.count + item.key.utf8.count + ReelworkClient.itemBytesExtra
            let isFull =
                index - start == Limits.batchItemsMax
                || bytes + size > Limits.frameBytesMax - ReelworkClient.requestBytesExtra
            if isFull, index > start {
                batches.append(items[start..<index])
                start = index
                bytes = 0
            }
            bytes += size
        }
        if start < items.count { batches.append(items[start...]) }
        return batches
    }

    /// Lengths and section of an item.
    private static let itemBytesExtra = 16
    /// The rest of the request: counts and tags.
    private static let requestBytesExtra = 1_024

    /// One job, with its parameters where wanted.
    public func job(
        _ ref: JobRef,
        withParameters: Bool = true
    ) async throws(ReelworkError) -> JobView {
        let request = GetJob.Request(ref: ref, detail: withParameters ? .withParameters : .short)
        return try await perform(GetJob.self, request, isSafe: true).job
    }

    /// A page of jobs; `cursor` is the page's before.
    ///
    /// The query's `after` is not used.
    public func jobs(
        _ query: JobQuery = JobQuery(),
        cursor: [UInt8]? = nil,
        withParameters: Bool = false
    ) async throws(ReelworkError) -> JobListing {
        let limit = min(max(query.limit, 1), Limits.batchItemsMax)
        let answer = try await perform(
            ListJobs.self,
            .init(
                states: query.states,
                queue: query.queue,
                worker: query.worker,
                limit: UInt64(clamping: limit),
                cursor: cursor,
                detail: withParameters ? .withParameters : .short,
                isOldestFirst: query.isOldestFirst
            ),
            isSafe: true
        )
        return JobListing(jobs: answer.jobs, cursor: answer.cursor)
    }

    /// Cancels jobs; answers one result each, in order.
    ///
    /// One that is canceled already is OK.
    public func cancel(
        _ refs: [JobRef],
        reason: String
    ) async throws(ReelworkError) -> [ItemResult] {
        try await perform(
            CancelJob.self,
            .init(refs: refs, reason: reason),
            isSafe: true
        ).results
    }

    /// Every move that a job made, from the first.
    public func history(_ ref: JobRef) async throws(ReelworkError) -> [Move] {
        var moves: [Move] = []
        while true {
            let answer = try await perform(
                History.self,
                .init(
                    ref: ref,
                    afterSequence: moves.last?.sequence ?? 0,
                    limit: UInt64(Limits.batchItemsMax)
                ),
                isSafe: true
            )
            moves += answer.moves
            if !answer.hasMore || answer.moves.isEmpty { return moves }
        }
    }

    /// What a job's encoder said, from an offset on; the last attempt where none is named.
    public func log(
        _ ref: JobRef,
        attempt: AttemptNumber = .none,
        offset: UInt64 = 0
    ) async throws(ReelworkError) -> JobLogPart {
        do throws(RPCError) {
            let events = try await connection().stream(
                JobLog.self,
                .init(ref: ref, attempt: attempt, offset: offset)
            )
            var part = JobLogPart(offset: offset, bytes: [], next: offset)
            var iterator = events.makeAsyncIterator()
            while let event = try await iterator.next() {
                if part.bytes.isEmpty { part.offset = event.offset }
                part.bytes += event.data
            }
            part.next = events.response?.next ?? offset
            return part
        } catch {
            throw ReelworkError(error)
        }
    }

    /// The workers, all or the one of this name.
    public func workers(
        named name: String = "",
        withEngines: Bool = false
    ) async throws(ReelworkError) -> [WorkerView] {
        var workers: [WorkerView] = []
        var cursor: [UInt8]?
        repeat {
            let answer = try await perform(
                WorkersList.self,
                .init(name: name, detail: withEngines ? .withEngines : .short, cursor: cursor),
                isSafe: true
            )
            workers += answer.workers
            // Only a missing cursor says that it was the last page: one may be empty.
            if answer.cursor == cursor { break }
            cursor = answer.cursor
        } while cursor != nil
        return workers
    }
}
