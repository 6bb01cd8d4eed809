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
        run(tag, router, within: request.tags.timeout) { [self] () throws(StoreError) in
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
                let starts = try starts(of: jobs, request, router.board)
                hub.open(tag, starts) { router.deliver($0) }
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

    /// What each job is shown by first.
    private func starts(
        of jobs: [JobNumber],
        _ request: Watch.Request,
        _ board: ProgressBoard
    ) throws(StoreError) -> [WatchStart] {
        var known: [JobNumber: UInt64] = [:]
        for moves in request.known { known[moves.number] = moves.sequence }
        var room = PageRoom(bytes: Limits.watchOpeningBytesMax)
        var isFull = false
        var starts: [WatchStart] = []
        for number in jobs {
            guard let job = try store.job(.number(number)), Self.isWanted(job, request) else {
                continue
            }
            let moved = UInt64(job.row.machine.moves)
            let seen = known[number].flatMap { $0 <= moved ? $0 : nil }
            if !isFull, let seen, let start = try missed(job, after: seen, &room) {
                starts.append(start)
                continue
            }
            let progress = board[number]
            func snapshot(_ detail: JobDetail) -> JobNews {
                let view = JobViews.view(of: job, detail: detail, progress: progress)
                return JobNews(number: number, kind: .known(.snapshot), view: view)
            }
            var news = snapshot(isFull || seen != nil ? .short : .withParameters)
            if !isFull, !room.take(news) {
                isFull = true
                news = snapshot(.short)
            }
            let gap = JobNews(number: number, kind: .known(.gap))
            starts.append(
                WatchStart(
                    number: number,
                    news: seen == nil ? [news] : [gap, news],
                    sequence: moved,
                    isOver: job.row.machine.state.isTerminal
                )
            )
        }
        return starts
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
