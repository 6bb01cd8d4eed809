// SPDX-License-Identifier: Apache-2.0
// Reelwork: news of jobs, as they come.

public import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

/// News of jobs, as they come: a snapshot of each, then its moves and its progress.
///
/// It ends once all jobs have ended, never where all jobs are watched. Where the connection
/// breaks it goes on over a new one from the moves that were seen, so no move is lost; where the
/// reader is too slow, progress is. Of more than `Limits.batchItemsMax` jobs that have not
/// ended, the others begin again with a snapshot, whose moves are in their history.
///
/// What waits for its reader is bounded: a reader that falls far behind is served anew from the
/// moves that it has seen. Half of the requests that a connection may have open can be watches;
/// further ones wait for a place. For one reader.
public struct JobWatch: AsyncSequence, Sendable {
    let client: ReelworkClient
    let refs: [JobRef]
    let queue: JobQueue?

    /// Reads the news.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let watch: JobWatch
        private var source: RPCEvents<Watch>.AsyncIterator?
        private var held: ConnectionKeeper.Held?
        private var pass: Turnstile.Pass?
        private var ready: ArraySlice<JobNews> = []
        private var seen: [JobNumber: UInt64] = [:]
        private var patience: Patience

        init(_ watch: JobWatch) {
            self.watch = watch
            patience = Patience(watch.client.configuration.patience)
        }

        /// The next piece of news; nil once all jobs have ended.
        public mutating func next() async throws(ReelworkError) -> JobNews? {
            try await next(isolation: nil)
        }

        /// The next piece of news; nil once all jobs have ended.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ReelworkError) -> JobNews? {
            guard watch.refs.count <= Limits.batchItemsMax else {
                throw ReelworkError(
                    .tooLarge,
                    "\(watch.refs.count) jobs are too many for one watch; name at most "
                        + "\(Limits.batchItemsMax), or none for all"
                )
            }
            while true {
                if let news = ready.popFirst() {
                    if let move = news.move {
                        // A move that was seen over an earlier connection comes once.
                        if move.sequence <= seen[news.number, default: 0] { continue }
                        let isLast = move.to.value?.isTerminal ?? false
                        // Of all jobs there is no end: those that have ended are not kept.
                        seen[news.number] =
                            watch.refs.isEmpty && isLast ? nil : move.sequence
                    } else if news.kind == .known(.snapshot) {
                        // A restored scheduler counts on from fewer moves than were seen.
                        seen[news.number] = nil
                    }
                    return news
                }
                do throws(RPCError) {
                    guard let event = try await nextEvent() else {
                        pass = nil
                        return nil
                    }
                    if let held { watch.client.keeper.proven(held) }
                    patience = Patience(watch.client.configuration.patience)
                    ready = event.events[...]
                } catch {
                    source = nil
                    let before = held
                    held = nil
                    // Without a connection it was waited for already.
                    guard let before else {
                        pass = nil
                        throw ReelworkError(error)
                    }
                    watch.client.learn(error, of: before)
                    let isSlow = if case .overrun = error.code { true } else { false }
                    guard isSlow || error.mayBeRetried(isSafe: true),
                        await patience.wait(atLeast: error.waitForSameScheduler)
                    else {
                        pass = nil
                        throw ReelworkError(Task.isCancelled ? .canceledByCaller : error)
                    }
                }
            }
        }

        private mutating func nextEvent() async throws(RPCError) -> Watch.Event? {
            if source == nil {
                if pass == nil { pass = try await watch.client.watches.pass() }
                let held = try await watch.client.keeper.connection(patience: patience.end)
                self.held = held
                source = held.connection.stream(Watch.self, request).makeAsyncIterator()
            }
            return try await source?.next()
        }

        private var request: Watch.Request {
            let known = seen.sorted { $0.key < $1.key }.suffix(Limits.batchItemsMax)
                .map { Watch.KnownMoves(number: $0.key, sequence: $0.value) }
            return Watch.Request(refs: watch.refs, known: known, queue: watch.queue)
        }
    }

    /// Begins to watch.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }
}

extension ReelworkClient {
    /// Watches jobs; all of them where none is named, or all of a queue.
    public func watch(_ refs: [JobRef] = [], queue: JobQueue? = nil) -> JobWatch {
        JobWatch(client: self, refs: refs, queue: queue)
    }
}
