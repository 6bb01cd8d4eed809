// SPDX-License-Identifier: Apache-2.0
// Reelwork: who follows which jobs

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire
import Synchronization

/// Who follows which jobs: turns committed moves and progress into events.
///
/// A subscription begins before its snapshot is read; moves that are committed meanwhile wait, and
/// those that the snapshot has already are left out by their sequence number. So no move is missed
/// and none comes twice.
///
/// What waits is bounded a connection, whatever it waits for: by ``Limits/watchesMax`` and by
/// ``Limits/watchBytesMax``.
final class WatchHub: Sendable {
    private struct Subscription {
        var tag: RequestTag
        /// Only jobs of this queue; nil = of every queue.
        var queue: JobQueue?
        /// The jobs that it was asked for; empty where every job is watched.
        var jobs: [JobNumber] = []
        /// Jobs that are not over; nil = every job.
        var left: Set<JobNumber>?
        /// The last move that was sent of each job; where every job is watched, that it began with.
        var sent: [JobNumber: UInt64] = [:]
        /// What it begins with is still being read: until that is sent, moves wait.
        var isEarly: Bool
        /// What waits for that, or until the connection takes more.
        var waiting = WaitingNews()
    }

    /// How much a connection takes.
    private struct Reader {
        /// About how much was sent since it was known to take more.
        var bytes = 0
        /// It was asked, and has not said yet, that it takes more.
        var isAsked = false
    }

    private struct State {
        var subscriptions: [RequestTag: Subscription] = [:]
        var byJob: [JobNumber: [RequestTag]] = [:]
        var all: [RequestTag] = []
        var byConnection: [UInt64: [RequestTag]] = [:]
        var readers: [UInt64: Reader] = [:]
    }

    private let state = Mutex(State())

    /// Begins a subscription: from here on moves are kept for it, or sent where it `isOpen`; false
    /// where its connection has as many as it may have.
    ///
    /// One for named jobs is told which they are by ``follow(_:_:)``.
    func begin(_ tag: RequestTag, queue: JobQueue?, isAll: Bool, isOpen: Bool) -> Bool {
        state.withLock { state in
            let known = state.byConnection[tag.connection]?.count ?? 0
            guard known < Limits.watchesMax else { return false }
            state.subscriptions[tag] = Subscription(
                tag: tag,
                queue: queue,
                left: isAll ? nil : [],
                isEarly: !isOpen
            )
            if isAll { state.all.append(tag) }
            state.byConnection[tag.connection, default: []].append(tag)
            return true
        }
    }

    /// Names the jobs of a subscription; nothing where it has ended meanwhile.
    func follow(_ tag: RequestTag, _ jobs: [JobNumber]) {
        state.withLock { state in
            guard state.subscriptions[tag] != nil else { return }
            state.subscriptions[tag]?.jobs = jobs
            state.subscriptions[tag]?.left = Set(jobs)
            for job in jobs { state.byJob[job, default: []].append(tag) }
        }
    }

    /// A part of what it begins with was read: sends that, and, where it `isWhole` by it, what came
    /// meanwhile, as far as the connection takes it; false where the watch has ended.
    ///
    /// Sending is done under the lock, so that no move of a later commit overtakes it.
    @discardableResult
    func open(
        _ tag: RequestTag,
        _ starts: [WatchStart],
        isWhole: Bool = true,
        deliver: ([RPCDelivery]) -> Void
    ) -> Bool {
        state.withLock { state in
            guard state.subscriptions[tag]?.isEarly == true else { return false }
            for start in starts {
                state.subscriptions[tag]?.sent[start.number] = start.sequence
                if start.isOver { state.subscriptions[tag]?.left?.remove(start.number) }
            }
            let opening = starts.flatMap(\.news)
            var deliveries = WatchHub.events(opening, tag)
            let bytes = opening.reduce(0) { $0 + WaitingNews.weight(of: $1) }
            deliveries += WatchHub.count(bytes, tag.connection, &state)
            if isWhole {
                state.subscriptions[tag]?.isEarly = false
                // What was kept may be as much as may wait: it goes the way of all that waits.
                let early = state.subscriptions[tag]?.waiting.take(bytes: .max) ?? []
                for piece in WatchHub.unsent(early, tag, &state) {
                    state.subscriptions[tag]?.waiting.add(piece)
                }
                deliveries += WatchHub.drain(tag, &state)
            }
            deliver(deliveries)
            return true
        }
    }

    /// Moves are on disk; sent under the lock, in the order of the commits.
    func publish(_ moves: [MoveRow], deliver: ([RPCDelivery]) -> Void) {
        state.withLock { state in
            guard !state.subscriptions.isEmpty else { return }
            var byTag: [RequestTag: [MoveRow]] = [:]
            var order: [RequestTag] = []
            for move in moves {
                for tag in (state.byJob[move.number] ?? []) + state.all
                where WatchHub.isWanted(move.queue, tag, state) {
                    if byTag[tag] == nil { order.append(tag) }
                    byTag[tag, default: []].append(move)
                }
            }
            var deliveries: [RPCDelivery] = []
            for tag in order {
                guard let mine = byTag[tag] else { continue }
                let news = mine.map { move in
                    JobNews(number: move.number, kind: .known(.move), move: move.move)
                }
                if state.subscriptions[tag]?.isEarly == true {
                    deliveries += WatchHub.keep(news, tag, &state)
                    continue
                }
                deliveries += WatchHub.send(WatchHub.unsent(news, tag, &state), tag, &state)
                deliveries += WatchHub.finish(tag, &state)
            }
            if !deliveries.isEmpty { deliver(deliveries) }
        }
    }

    /// Encodes have come further.
    func publish(_ progress: [ProgressNote]) -> [RPCDelivery] {
        state.withLock { state in
            guard !state.subscriptions.isEmpty else { return [] }
            var deliveries: [RPCDelivery] = []
            for note in progress {
                let number = note.progress.number
                for tag in (state.byJob[number] ?? []) + state.all
                where state.subscriptions[tag]?.isEarly == false
                    && WatchHub.isWanted(note.queue, tag, state)
                {
                    let news = JobNews(
                        number: number,
                        kind: .known(.progress),
                        progress: note.progress
                    )
                    deliveries += WatchHub.send([news], tag, &state, isDroppable: true)
                }
            }
            return deliveries
        }
    }

    /// A connection takes more: sends on what waits for it.
    ///
    /// Sent under the lock, in the order of the commits.
    func roomy(_ connection: UInt64, deliver: ([RPCDelivery]) -> Void) {
        state.withLock { state in
            guard state.readers[connection] != nil else { return }
            state.readers[connection] = Reader()
            var deliveries: [RPCDelivery] = []
            for tag in state.byConnection[connection] ?? []
            where state.subscriptions[tag]?.isEarly == false {
                deliveries += WatchHub.drain(tag, &state)
            }
            if !deliveries.isEmpty { deliver(deliveries) }
        }
    }

    /// Sends what waits of a watch until its connection is to be asked whether it takes more.
    private static func drain(_ tag: RequestTag, _ state: inout State) -> [RPCDelivery] {
        let connection = tag.connection
        var deliveries: [RPCDelivery] = []
        while state.readers[connection]?.isAsked != true,
            state.subscriptions[tag]?.waiting.isEmpty == false
        {
            let part = state.subscriptions[tag]?.waiting.take(bytes: windowBytes) ?? []
            deliveries += events(part, tag)
            let bytes = part.reduce(0) { $0 + WaitingNews.weight(of: $1) }
            deliveries += count(bytes, connection, &state)
        }
        return deliveries + finish(tag, &state)
    }

    /// A request was canceled, or its connection is gone.
    func end(_ tag: RequestTag) {
        state.withLock { WatchHub.remove(tag, &$0) }
    }

    /// A connection is gone.
    func closed(_ connection: UInt64) {
        state.withLock { state in
            for tag in state.byConnection[connection] ?? [] { WatchHub.remove(tag, &state) }
        }
    }

    /// About how much waits, for all connections together.
    var bytesWaiting: Int {
        state.withLock { state in state.subscriptions.values.reduce(0) { $0 + $1.waiting.bytes } }
    }

    private static func isWanted(
        _ queue: JobQueue,
        _ tag: RequestTag,
        _ state: borrowing State
    ) -> Bool {
        guard let wanted = state.subscriptions[tag]?.queue else { return true }
        return queue == wanted
    }

    /// What of these moves, and of the gaps before them, was not sent yet; noted as sent.
    private static func unsent(
        _ news: [JobNews],
        _ tag: RequestTag,
        _ state: inout State
    ) -> [JobNews] {
        var result: [JobNews] = []
        result.reserveCapacity(news.count)
        var gap: JobNews?
        for piece in news {
            guard let move = piece.move else {
                gap = piece
                continue
            }
            defer { gap = nil }
            let sent = state.subscriptions[tag]?.sent[piece.number]
            if let sent, move.sequence <= sent { continue }
            // What was left out may all be part of what the watch began with.
            if let gap, sent.map({ move.sequence - $0 > 1 }) ?? true { result.append(gap) }
            if state.subscriptions[tag]?.left != nil {
                state.subscriptions[tag]?.sent[piece.number] = move.sequence
            }
            result.append(piece)
            if move.to.value?.isTerminal == true {
                state.subscriptions[tag]?.left?.remove(piece.number)
            }
        }
        return result
    }

    /// What is sent before a connection is asked whether it takes more.
    private static let windowBytes = Limits.outboundBytesSoft / 2

    /// Sends news, or lets them wait for a connection that takes no more now.
    private static func send(
        _ news: [JobNews],
        _ tag: RequestTag,
        _ state: inout State,
        isDroppable: Bool = false
    ) -> [RPCDelivery] {
        guard !news.isEmpty, let subscription = state.subscriptions[tag] else { return [] }
        let isAsked = state.readers[tag.connection]?.isAsked ?? false
        guard isAsked || !subscription.waiting.isEmpty else {
            let bytes = news.reduce(0) { $0 + WaitingNews.weight(of: $1) }
            return events(news, tag, isDroppable: isDroppable)
                + count(bytes, tag.connection, &state)
        }
        return keep(news, tag, &state)
    }

    /// Lets news wait.
    ///
    /// Where that is too much for the connection all that waits for it is merged, and where it is
    /// still too much the watches with the most to say end. What is left lies well below the limit,
    /// so that merging costs the same for each piece however many connections are slow.
    private static func keep(
        _ news: [JobNews],
        _ tag: RequestTag,
        _ state: inout State
    ) -> [RPCDelivery] {
        for piece in news { state.subscriptions[tag]?.waiting.add(piece) }
        let connection = tag.connection
        guard bytesWaiting(connection, state) > Limits.watchBytesMax else { return [] }
        for tag in state.byConnection[connection] ?? [] {
            state.subscriptions[tag]?.waiting.merge()
        }
        var deliveries: [RPCDelivery] = []
        while bytesWaiting(connection, state) > Limits.watchBytesMerged,
            let largest = largest(of: connection, state)
        {
            remove(largest, &state)
            deliveries.append(
                busy(
                    largest,
                    "news of too many jobs wait for a slow reader; watch again, or fewer jobs"
                )
            )
        }
        return deliveries
    }

    private static func bytesWaiting(_ connection: UInt64, _ state: borrowing State) -> Int {
        var bytes = 0
        for tag in state.byConnection[connection] ?? [] {
            bytes += state.subscriptions[tag]?.waiting.bytes ?? 0
        }
        return bytes
    }

    private static func largest(
        of connection: UInt64,
        _ state: borrowing State
    ) -> RequestTag? {
        var largest: (tag: RequestTag, bytes: Int)?
        for tag in state.byConnection[connection] ?? [] {
            let bytes = state.subscriptions[tag]?.waiting.bytes ?? 0
            if bytes > largest?.bytes ?? -1 { largest = (tag, bytes) }
        }
        return largest?.tag
    }

    /// Answers a watch that goes on no more.
    static func busy(_ tag: RequestTag, _ words: String) -> RPCDelivery {
        .error(
            ErrorMessage(.busy, retryAfter: Limits.retryAfterRefusal, detail: words),
            method: .watch,
            to: RPCConnectionID(rawValue: tag.connection),
            request: tag.request
        )
    }

    /// Counts what was sent, and asks the connection to say when it takes more.
    private static func count(
        _ bytes: Int,
        _ connection: UInt64,
        _ state: inout State
    ) -> [RPCDelivery] {
        var reader = state.readers[connection] ?? Reader()
        reader.bytes += bytes
        let isFull = reader.bytes >= windowBytes && !reader.isAsked
        if isFull { reader.isAsked = true }
        state.readers[connection] = reader
        return isFull ? [.probe(RPCConnectionID(rawValue: connection))] : []
    }

    /// Answers a watch all of whose jobs are over.
    private static func finish(_ tag: RequestTag, _ state: inout State) -> [RPCDelivery] {
        guard let subscription = state.subscriptions[tag], !subscription.isEarly,
            subscription.left?.isEmpty == true, subscription.waiting.isEmpty
        else { return [] }
        remove(tag, &state)
        return [
            .response(
                Watch.self,
                EmptyAnswer(),
                to: RPCConnectionID(rawValue: tag.connection),
                request: tag.request
            )
        ]
    }

    private static func remove(_ tag: RequestTag, _ state: inout State) {
        guard let ended = state.subscriptions.removeValue(forKey: tag) else { return }
        state.all.removeAll { $0 == tag }
        state.byConnection[tag.connection]?.removeAll { $0 == tag }
        if state.byConnection[tag.connection]?.isEmpty == true {
            state.byConnection[tag.connection] = nil
            state.readers[tag.connection] = nil
        }
        for job in ended.jobs {
            state.byJob[job]?.removeAll { $0 == tag }
            if state.byJob[job]?.isEmpty == true { state.byJob[job] = nil }
        }
    }
}
