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
final class WatchHub: Sendable {
    private struct Subscription {
        var tag: RequestTag
        /// Jobs that are not over; nil = every job.
        var left: Set<JobNumber>?
        /// The last move that was sent of each job.
        var sent: [JobNumber: UInt64] = [:]
        /// Moves that came before the snapshot; nil once it was sent.
        var early: [MoveRow]? = []
    }

    private struct State {
        var subscriptions: [RequestTag: Subscription] = [:]
        var byJob: [JobNumber: [RequestTag]] = [:]
        var all: [RequestTag] = []
        var byConnection: [UInt64: [RequestTag]] = [:]
    }

    private let state = Mutex(State())

    /// Begins a subscription: from here on moves are kept for it.
    func begin(_ tag: RequestTag, jobs: [JobNumber]?) {
        state.withLock { state in
            var subscription = Subscription(tag: tag, left: jobs.map { Set($0) })
            if let jobs {
                for job in Set(jobs).sorted() { state.byJob[job, default: []].append(tag) }
            } else {
                subscription.early = nil
                state.all.append(tag)
            }
            state.subscriptions[tag] = subscription
            state.byConnection[tag.connection, default: []].append(tag)
        }
    }

    /// The snapshot was read: sends it, and what came meanwhile.
    ///
    /// Sending is done under the lock, so that no move of a later commit overtakes the snapshot.
    func open(
        _ tag: RequestTag,
        _ views: [(view: JobView, moves: UInt64)],
        deliver: ([RPCDelivery]) -> Void
    ) {
        state.withLock { state in
            guard var subscription = state.subscriptions[tag] else { return }
            var news: [JobNews] = []
            for (view, moves) in views {
                news.append(JobNews(number: view.number, kind: .known(.snapshot), view: view))
                subscription.sent[view.number] = moves
                if view.state.value?.isTerminal == true { subscription.left?.remove(view.number) }
            }
            let early = subscription.early ?? []
            subscription.early = nil
            state.subscriptions[tag] = subscription
            var deliveries = WatchHub.events(news, tag)
            deliveries += WatchHub.send(early, tag, &state)
            deliveries += WatchHub.finish(tag, &state)
            deliver(deliveries)
        }
    }

    /// Moves are on disk; sent under the lock, in the order of the commits.
    func publish(_ moves: [MoveRow], deliver: ([RPCDelivery]) -> Void) {
        state.withLock { state in
            guard !state.subscriptions.isEmpty else { return }
            var byTag: [RequestTag: [MoveRow]] = [:]
            var order: [RequestTag] = []
            for move in moves {
                for tag in (state.byJob[move.number] ?? []) + state.all {
                    if byTag[tag] == nil { order.append(tag) }
                    byTag[tag, default: []].append(move)
                }
            }
            var deliveries: [RPCDelivery] = []
            for tag in order {
                guard let mine = byTag[tag] else { continue }
                if state.subscriptions[tag]?.early != nil {
                    state.subscriptions[tag]?.early?.append(contentsOf: mine)
                    continue
                }
                deliveries += WatchHub.send(mine, tag, &state)
                deliveries += WatchHub.finish(tag, &state)
            }
            if !deliveries.isEmpty { deliver(deliveries) }
        }
    }

    /// Encodes have come further.
    func publish(_ progress: [JobProgress]) -> [RPCDelivery] {
        state.withLock { state in
            guard !state.subscriptions.isEmpty else { return [] }
            var deliveries: [RPCDelivery] = []
            for note in progress {
                for tag in (state.byJob[note.number] ?? []) + state.all
                where state.subscriptions[tag]?.early == nil {
                    let news = JobNews(
                        number: note.number,
                        kind: .known(.progress),
                        progress: note
                    )
                    deliveries += WatchHub.events([news], tag, isDroppable: true)
                }
            }
            return deliveries
        }
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

    private static func send(
        _ moves: [MoveRow],
        _ tag: RequestTag,
        _ state: inout State
    ) -> [RPCDelivery] {
        var news: [JobNews] = []
        for move in moves {
            let sequence = UInt64(move.sequence)
            if let sent = state.subscriptions[tag]?.sent[move.number], sequence <= sent { continue }
            if state.subscriptions[tag]?.left != nil {
                state.subscriptions[tag]?.sent[move.number] = sequence
            }
            news.append(JobNews(number: move.number, kind: .known(.move), move: move.move))
            if move.step.to.isTerminal { state.subscriptions[tag]?.left?.remove(move.number) }
        }
        return events(news, tag)
    }

    /// Answers a watch all of whose jobs are over.
    private static func finish(_ tag: RequestTag, _ state: inout State) -> [RPCDelivery] {
        guard let subscription = state.subscriptions[tag], subscription.early == nil,
            subscription.left?.isEmpty == true
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

    private static func events(
        _ news: [JobNews],
        _ tag: RequestTag,
        isDroppable: Bool = false
    ) -> [RPCDelivery] {
        var deliveries: [RPCDelivery] = []
        var batch: [JobNews] = []
        var bytes = 0
        func flush() {
            guard !batch.isEmpty else { return }
            deliveries.append(
                .event(
                    Watch.self,
                    Watch.Event(events: batch),
                    to: RPCConnectionID(rawValue: tag.connection),
                    request: tag.request,
                    isDroppable: isDroppable
                )
            )
            batch = []
            bytes = 0
        }
        for piece in news {
            let size = byteEstimate(piece)
            if bytes + size > Limits.frameBytesFloor / 2 { flush() }
            batch.append(piece)
            bytes += size
        }
        flush()
        return deliveries
    }

    /// A generous guess of what a piece of news takes, so that a frame stays below what any peer
    /// agrees to.
    private static func byteEstimate(_ news: JobNews) -> Int {
        var bytes = 256
        if let view = news.view {
            bytes += 512 + view.input.utf8.count + view.output.utf8.count
            bytes += view.error?.utf8.count ?? 0
            for parameter in view.parameters {
                bytes += parameter.key.utf8.count + parameter.value.utf8.count + 8
            }
        }
        if let move = news.move {
            bytes += move.reason.utf8.count + (move.detail?.utf8.count ?? 0)
        }
        return bytes
    }

    private static func remove(_ tag: RequestTag, _ state: inout State) {
        guard state.subscriptions.removeValue(forKey: tag) != nil else { return }
        state.all.removeAll { $0 == tag }
        state.byConnection[tag.connection]?.removeAll { $0 == tag }
        if state.byConnection[tag.connection]?.isEmpty == true {
            state.byConnection[tag.connection] = nil
        }
        // The order does not matter: every list loses the tag.
        for job in state.byJob.keys where state.byJob[job]?.contains(tag) == true {
            state.byJob[job]?.removeAll { $0 == tag }
            if state.byJob[job]?.isEmpty == true { state.byJob[job] = nil }
        }
    }
}
