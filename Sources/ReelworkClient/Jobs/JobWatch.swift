// SPDX-License-Identifier: Apache-2.0
// Reelwork: news of jobs, as they come.

public import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

/// News of jobs, as they come: a snapshot of each, then its moves and its progress.
///
/// It ends once all jobs have ended, never where all jobs are watched. Each move after a job's
/// first snapshot comes once and in order. Where the connection breaks it goes on over a new one
/// from the moves that were seen; where the reader is too slow, progress is left out, and moves
/// that the scheduler left out are read from the history. News of the kind `gap` comes only where
/// the history does not have them any more.
///
/// What waits for its reader is bounded: a reader that falls far behind is served anew from the
/// moves that it has seen. Of more than `Limits.batchItemsMax` jobs that have not ended, the others
/// then begin with a snapshot, after the moves before it. Half of the requests that a connection
/// may have open can be watches; further ones wait for a place. For one reader.
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
        private var seen: SeenMoves
        private var filling: Filling?
        private var patience: Patience

        /// Moves that are read from the history, and what is shown after them.
        private struct Filling {
            var moves: MovePages.AsyncIterator
            var last: UInt64
            var before: UInt64
            var news: JobNews
            /// Whether none of those so far was missing.
            var isWhole = true
            /// Whether the reader was told that some are nowhere.
            var isGapTold = false
        }

        init(_ watch: JobWatch) {
            self.watch = watch
            seen = SeenMoves(isOfAll: watch.refs.isEmpty)
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
                if let news = try await nextFilled() { return news }
                if let news = ready.popFirst() {
                    switch seen.take(news) {
                    case .show: return news
                    case .skip: break
                    case .fill(let after, let before): fill(after, before, news)
                    }
                    continue
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

        private mutating func fill(_ after: UInt64, _ before: UInt64, _ news: JobNews) {
            let pages = MovePages(client: watch.client, ref: .number(news.number), after: after)
            filling = Filling(
                moves: pages.makeAsyncIterator(),
                last: after,
                before: before,
                news: news
            )
        }

        /// The next of the moves that were left out, and then what came after them.
        private mutating func nextFilled() async throws(ReelworkError) -> JobNews? {
            guard var filling else { return nil }
            let number = filling.news.number
            if !filling.isGapTold {
                do throws(ReelworkError) {
                    let move = try await filling.moves.next()
                    if let move, move.sequence > filling.last, move.sequence < filling.before {
                        // The history gives what comes after `last`, so above it.
                        if move.sequence - 1 > filling.last { filling.isWhole = false }
                        filling.last = move.sequence
                        self.filling = filling
                        return JobNews(number: number, kind: .known(.move), move: move)
                    }
                } catch {
                    // A job that is there no more has no history.
                    guard error.code == .refused(.known(.notFound)) else { throw error }
                }
                if !filling.isWhole || filling.before - filling.last > 1 {
                    filling.isGapTold = true
                    self.filling = filling
                    return JobNews(number: number, kind: .known(.gap))
                }
            }
            self.filling = nil
            return filling.news
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
            let known = seen.last.sorted { $0.key < $1.key }.suffix(Limits.batchItemsMax)
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
