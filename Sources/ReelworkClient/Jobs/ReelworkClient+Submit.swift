// SPDX-License-Identifier: Apache-2.0
// Reelwork: submits jobs, some or any number.

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
        var results: [SubmitResult] = []
        results.reserveCapacity(jobs.count)
        var batch = SubmitBuffer(itemsMax: Limits.batchItemsMax, bytesMax: keeper.frameBytesMax)
        for job in jobs {
            guard let full = batch.add(job) else { continue }
            guard !isAtomic else { throw ReelworkClient.tooManyTogether(jobs.count) }
            results += try await submit(batch: full, isAtomic: false)
        }
        if let rest = batch.takeRest() {
            results += try await submit(batch: rest, isAtomic: isAtomic)
        }
        return results
    }

    /// Submits any number of jobs as they come, with memory for a few batches only.
    ///
    /// The sequence is read no faster than the scheduler takes the jobs: at most
    /// `Limits.submitBatchesInFlight` batches are on their way. `told` is called with each
    /// batch and its results, in the order of the jobs, once they are on disk.
    ///
    /// A batch goes when it is full, `batchItemsMax` jobs or what one request can hold, and when
    /// the sequence ends. Where the sequence, a batch or `told` fails, nothing further is read;
    /// what is on its way is awaited and told, then the error is thrown. Run it again with the
    /// same keys: what was accepted is not done twice.
    @discardableResult
    public func submit<Jobs: AsyncSequence>(
        from jobs: Jobs,
        batchItemsMax: Int = Limits.batchItemsMax,
        told: ([Submission], [SubmitResult]) async throws -> Void = { _, _ in }
    ) async throws -> SubmitTally where Jobs.Element == Submission {
        var pipeline = SubmitPipeline()
        var batch = SubmitBuffer(
            itemsMax: min(max(batchItemsMax, 1), Limits.batchItemsMax),
            bytesMax: keeper.frameBytesMax
        )
        return try await withThrowingTaskGroup(of: SubmitPipeline.Answer.self) { group in
            do {
                for try await job in jobs {
                    guard let full = batch.add(job) else { continue }
                    try await pipeline.makeRoom(&group, told)
                    pipeline.send(full, &group, self)
                }
                if let rest = batch.takeRest() {
                    try await pipeline.makeRoom(&group, told)
                    pipeline.send(rest, &group, self)
                }
            } catch {
                try? await pipeline.finish(&group, told)
                throw error
            }
            try await pipeline.finish(&group, told)
            return pipeline.tally
        }
    }

    /// Submits what one request can hold.
    ///
    /// An item that no request can hold is refused here: a scheduler would close the connection
    /// over it, and with it what others asked.
    func submit(
        batch: [Submission],
        isAtomic: Bool
    ) async throws(ReelworkError) -> [SubmitResult] {
        let items = batch.map { SubmitItem(key: $0.key, spec: $0.spec.encoded) }
        let problems = zip(items, batch).map { ReelworkClient.problem($0, $1.spec) }
        guard let first = problems.firstIndex(where: { $0 != nil }) else {
            return try await submit(items: items[...], isAtomic: isAtomic)
        }
        guard !isAtomic else {
            let words = problems[first] ?? ""
            throw ReelworkError(.tooLarge, "job \(first + 1) of \(batch.count): \(words)")
        }
        let good = zip(items, problems).filter { $0.1 == nil }.map(\.0)
        var results =
            good.isEmpty ? [] : try await submit(items: good[...], isAtomic: false)[...]
        return problems.compactMap { problem in
            if let problem { return SubmitResult(.invalidArgument, detail: problem) }
            return results.popFirst()
        }
    }

    private func submit(
        items: ArraySlice<SubmitItem>,
        isAtomic: Bool
    ) async throws(ReelworkError) -> [SubmitResult] {
        do throws(ReelworkError) {
            let answer = try await perform(
                SubmitBatch.self,
                .init(isAtomic: isAtomic, items: Array(items)),
                isSafe: true
            )
            guard answer.results.count == items.count else { throw .answerOfOthers }
            return answer.results
        } catch {
            // The scheduler that answers now takes less at once than the one before.
            let isTooLarge =
                error.code == .tooLarge || error.code == .refused(.known(.frameTooLarge))
            guard isTooLarge, !isAtomic, items.count > 1 else { throw error }
            let half = items.count / 2
            let first = try await submit(items: items.prefix(half), isAtomic: false)
            return first + (try await submit(items: items.dropFirst(half), isAtomic: false))
        }
    }

    /// Why no request can hold an item; nil where one can.
    private static func problem(_ item: SubmitItem, _ spec: JobSpec) -> String? {
        let key = item.key.utf8.count
        if key < 1 || key > Limits.keyBytesMax {
            return "its key has \(key) bytes; give one of 1 to \(Limits.keyBytesMax), or none"
        }
        for (place, labels) in [("require", spec.require), ("prefer", spec.prefer)] {
            for (index, label) in labels.enumerated() {
                let bytes = label.name.utf8.count + label.value.utf8.count
                guard bytes > Limits.labelBytesMax else { continue }
                return "\(place): label \(index + 1) has \(bytes) bytes; a label may have "
                    + "\(Limits.labelBytesMax) with its value"
            }
        }
        guard item.spec.count > Limits.specBytesMax else { return nil }
        return "it takes \(item.spec.count) bytes; a job may have \(Limits.specBytesMax), so "
            + "shorten its parameters"
    }

    private static func tooManyTogether(_ count: Int) -> ReelworkError {
        ReelworkError(
            .tooLarge,
            "\(count) jobs are too many to be accepted or refused together; submit at most "
                + "\(Limits.batchItemsMax)"
        )
    }
}
