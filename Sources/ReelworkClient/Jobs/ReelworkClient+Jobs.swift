// SPDX-License-Identifier: Apache-2.0
// Reelwork: submit, look, cancel.

public import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

extension ReelworkClient {
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
    /// One that is canceled already is OK, so it may be asked again. Many jobs go in several
    /// requests, one after another.
    public func cancel(
        _ refs: [JobRef],
        reason: String
    ) async throws(ReelworkError) -> [ItemResult] {
        var results: [ItemResult] = []
        var rest = refs[...]
        repeat {
            let batch = Array(rest.prefix(Limits.batchItemsMax))
            rest = rest.dropFirst(batch.count)
            let answer = try await perform(
                CancelJob.self,
                .init(refs: batch, reason: reason),
                isSafe: true
            )
            guard answer.results.count == batch.count else { throw .answerOfOthers }
            results += answer.results
        } while !rest.isEmpty
        return results
    }

    /// Every move that a job made, from the first.
    ///
    /// ``moves(of:)`` gives them page by page.
    public func history(_ ref: JobRef) async throws(ReelworkError) -> [Move] {
        var moves: [Move] = []
        for try await move in self.moves(of: ref) { moves.append(move) }
        return moves
    }

    /// What a job's encoder said, from an offset on; the last attempt where none is named.
    public func log(
        _ ref: JobRef,
        attempt: AttemptNumber = .none,
        offset: UInt64 = 0
    ) async throws(ReelworkError) -> JobLogPart {
        let request = JobLog.Request(ref: ref, attempt: attempt, offset: offset)
        return try await read { held, end throws(RPCError) in
            let events = held.connection.stream(JobLog.self, request.timed(until: end))
            var part = JobLogPart(offset: offset, bytes: [], next: offset)
            var iterator = events.makeAsyncIterator()
            while let event = try await iterator.next() {
                if part.bytes.isEmpty { part.offset = event.offset }
                part.bytes += event.data
            }
            part.next = events.response?.next ?? offset
            return part
        }
    }

    /// Why a job stands where it does: what it waits for, which workers were considered, when
    /// anything can change, or why it ended as it did.
    public func why(_ ref: JobRef) async throws(ReelworkError) -> JobStanding {
        let answer = try await perform(JobWhy.self, .init(ref: ref), isSafe: true)
        var standing = JobStanding(
            number: answer.number,
            state: answer.state,
            reasons: answer.reasons.map { .init(code: $0.code, text: $0.text, count: $0.count) }
        )
        standing.rank = answer.rank
        standing.place = answer.place
        standing.isPlaceAtLeast = answer.isPlaceAtLeast
        standing.nextAt = answer.nextAt
        standing.workers = answer.workers.map {
            .init(name: $0.name, code: $0.code, text: $0.text)
        }
        standing.isCut = answer.isCut
        return standing
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
