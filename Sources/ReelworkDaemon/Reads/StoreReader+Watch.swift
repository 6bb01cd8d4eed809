// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a watch begins with

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

/// What a watch begins with: a snapshot of each job, or the moves that the watcher lacks.
extension StoreReader {
    /// Begins a watch: from here on moves are kept for it, so what is read later lacks none.
    func watch(_ tag: RequestTag, _ request: Watch.Request, router: RequestRouter) {
        let hub = router.hub
        let isAll = request.refs.isEmpty
        let isOpen = isAll && request.known.isEmpty
        guard hub.begin(tag, queue: request.queue, isAll: isAll, isOpen: isOpen) else {
            let words =
                "\(Limits.watchesMax) watches are open on this connection; end one, watch more "
                + "jobs with one, or open another connection"
            router.deliver(WatchHub.busy(tag, words))
            return
        }
        guard !isAll || !request.known.isEmpty else { return }
        runPage(tag, router, within: request.tags.timeout) { [self] () throws(StoreError) in
            do throws(StoreError) {
                let jobs: [JobNumber]
                if isAll {
                    jobs = request.known.map(\.number)
                } else {
                    switch try named(request) {
                    case .success(let numbers): jobs = numbers
                    case .failure(let unknown):
                        hub.end(tag)
                        return [Self.unknown(tag, item: unknown.item)]
                    }
                    hub.follow(tag, jobs)
                }
                try go(on: WatchOpening(tag, jobs, request), router)
            } catch {
                hub.end(tag)
                throw error
            }
            return []
        } busy: {
            hub.end(tag)
        }
    }

    /// Sends the next part of what a watch begins with, and asks for the one after it.
    private func go(on opening: WatchOpening, _ router: RequestRouter) throws(StoreError) {
        var opening = opening
        let (tag, hub) = (opening.tag, router.hub)
        let starts = try starts(&opening, router.board)
        let isWhole = opening.isWhole
        let goesOn = hub.open(tag, starts, isWhole: isWhole) { router.deliver($0) }
        guard goesOn, !isWhole else { return }
        runPage(tag, router) { [self, opening] () throws(StoreError) in
            do throws(StoreError) {
                try go(on: opening, router)
            } catch {
                hub.end(tag)
                throw error
            }
            return []
        } busy: {
            hub.end(tag)
        }
    }

    /// A name that no job has.
    private struct UnknownRef: Error {
        var item: Int
    }

    /// The numbers of the jobs that are named, each once, those of another queue left out.
    private func named(
        _ request: Watch.Request
    ) throws(StoreError) -> Result<[JobNumber], UnknownRef> {
        var numbers: [JobNumber] = []
        var seen: Set<JobNumber> = []
        for (index, ref) in request.refs.enumerated() {
            guard let job = try store.job(ref) else { return .failure(UnknownRef(item: index)) }
            guard Self.isWanted(job, request), seen.insert(job.row.number).inserted else {
                continue
            }
            numbers.append(job.row.number)
        }
        return .success(numbers)
    }

    private static func isWanted(_ job: StoredJob, _ request: Watch.Request) -> Bool {
        request.queue.map { $0 == job.insert.queue } ?? true
    }

    private static func unknown(_ tag: RequestTag, item: Int) -> RPCDelivery {
        .error(
            ErrorMessage(
                .notFound,
                detail: "there is no such job; see `reelwork jobs`",
                item: UInt64(item)
            ),
            method: tag.method,
            to: connection(tag),
            request: tag.request
        )
    }

    /// What each of the next jobs is shown by first.
    private func starts(
        _ opening: inout WatchOpening,
        _ board: ProgressBoard
    ) throws(StoreError) -> [WatchStart] {
        var room = PageRoom(bytes: opening.bytesLeft)
        var starts: [WatchStart] = []
        var bytes = 0
        while !opening.isWhole, bytes < Limits.watchOpeningPartBytes {
            let number = opening.next()
            guard let job = try store.job(.number(number)),
                opening.queue.map({ $0 == job.insert.queue }) ?? true
            else { continue }
            let start = try start(of: job, &opening, &room, board)
            bytes += start.news.reduce(0) { $0 + WaitingNews.weight(of: $1) }
            starts.append(start)
        }
        opening.bytesLeft = room.bytesLeft
        return starts
    }

    /// What a job is shown by first: the moves that the watcher lacks, or how it stands.
    private func start(
        of job: StoredJob,
        _ opening: inout WatchOpening,
        _ room: inout PageRoom,
        _ board: ProgressBoard
    ) throws(StoreError) -> WatchStart {
        let number = job.row.number
        let moved = UInt64(job.row.machine.moves)
        let seen = opening.known[number].flatMap { $0 <= moved ? $0 : nil }
        if !opening.isFull, let seen, let start = try missed(job, after: seen, &room) {
            return start
        }
        let progress = board[number]
        func snapshot(_ detail: JobDetail) -> JobNews {
            let view = JobViews.view(of: job, detail: detail, progress: progress)
            return JobNews(number: number, kind: .known(.snapshot), view: view)
        }
        var news = snapshot(opening.isFull || seen != nil ? .short : .withParameters)
        if !opening.isFull, !room.take(news) {
            opening.isFull = true
            news = snapshot(.short)
        }
        let gap = JobNews(number: number, kind: .known(.gap))
        return WatchStart(
            number: number,
            news: seen == nil ? [news] : [gap, news],
            sequence: moved,
            isOver: job.row.machine.state.isTerminal
        )
    }

    /// The moves after `seen`; nil where they do not fit.
    ///
    /// They are read after the job, so they may go further than its row says.
    private func missed(
        _ job: StoredJob,
        after seen: UInt64,
        _ room: inout PageRoom
    ) throws(StoreError) -> WatchStart? {
        let number = job.row.number
        var start = WatchStart(
            number: number,
            news: [],
            sequence: seen,
            isOver: job.row.machine.state.isTerminal
        )
        while true {
            let page = try store.history(
                number,
                after: start.sequence,
                limit: Limits.pageItemsMax
            )
            let news = page.moves.map { move in
                JobNews(number: number, kind: .known(.move), move: move)
            }
            guard room.take(news) else { return nil }
            start.news += news
            if let last = page.moves.last {
                start.sequence = last.sequence
                start.isOver = last.to.value?.isTerminal ?? false
            }
            guard page.isMore else { return start }
        }
    }
}
