// SPDX-License-Identifier: Apache-2.0
// Reelwork: answers that come in pages

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

/// Answers that come in pages (proto-spec/messages.md, Pages): each ends before the peer's frame
/// does, and says where to go on.
extension StoreReader {
    // MARK: - Jobs

    func list(_ tag: RequestTag, _ request: ListJobs.Request, router: RequestRouter) {
        runPage(tag, router, within: request.tags.timeout) { [self] () throws(StoreError) in
            var query = JobQuery(
                states: request.states,
                queue: request.queue,
                worker: request.worker,
                isOldestFirst: request.isOldestFirst
            )
            if let cursor = request.cursor {
                guard let after = Self.number(fromCursor: cursor) else {
                    return [Self.badCursor(tag)]
                }
                query.after = after
            }
            guard let room = Self.room(tag, router) else { return [] }
            let limit = Self.limit(request.limit, or: Limits.pageItemsDefault)
            let page = try jobs(query, limit, request.detail, room, router)
            return [
                .response(ListJobs.self, page, to: Self.connection(tag), request: tag.request)
            ]
        }
    }

    /// Reads a few jobs at a time, until the frame is full or enough are found.
    ///
    /// So no more is read than is sent, however large the jobs are.
    private func jobs(
        _ query: JobQuery,
        _ limit: Int,
        _ detail: JobDetail,
        _ room: consuming PageRoom,
        _ router: RequestRouter
    ) throws(StoreError) -> ListJobs.Response {
        var query = query
        var room = room
        var views: [JobView] = []
        while true {
            query.limit = min(limit - views.count, Limits.pageItemsRead)
            let page = try store.page(query)
            for job in page.jobs {
                let progress = router.board[job.row.number]
                let view = JobViews.view(of: job, detail: detail, progress: progress)
                guard room.take(view) || views.isEmpty else {
                    return ListJobs.Response(
                        jobs: views,
                        cursor: views.last.map { Self.cursor($0.number) }
                    )
                }
                views.append(view)
            }
            // A read that found less than asked has looked at as many numbers as one may.
            guard let next = page.next, page.jobs.count == query.limit, views.count < limit else {
                return ListJobs.Response(jobs: views, cursor: page.next.map(Self.cursor))
            }
            query.after = next
        }
    }

    // MARK: - Moves

    func history(_ tag: RequestTag, _ request: History.Request, router: RequestRouter) {
        runPage(tag, router, within: request.tags.timeout) { [store] () throws(StoreError) in
            guard let job = try store.job(request.ref) else { return [Self.notFound(tag)] }
            guard var room = Self.room(tag, router) else { return [] }
            let page = try store.history(
                job.row.number,
                after: request.afterSequence,
                limit: Self.limit(request.limit, or: Limits.pageItemsMax)
            )
            var moves: [Move] = []
            for move in page.moves {
                guard room.take(move) || moves.isEmpty else { break }
                moves.append(move)
            }
            return [
                .response(
                    History.self,
                    History.Response(
                        ref: .number(job.row.number),
                        moves: moves,
                        hasMore: page.isMore || moves.count < page.moves.count
                    ),
                    to: Self.connection(tag),
                    request: tag.request
                )
            ]
        }
    }

    // MARK: - Workers

    /// Asks the scheduler for the workers after those that the reader has.
    func workers(_ incoming: RPCIncoming, _ request: WorkersList.Request, router: RequestRouter) {
        var after = ""
        if let cursor = request.cursor {
            guard let name = String(validating: cursor, as: UTF8.self), !name.isEmpty else {
                return router.deliver([Self.badCursor(router.tag(incoming))])
            }
            after = name
        }
        router.post(
            .input(
                .workers(
                    router.tag(incoming),
                    name: request.name,
                    isLong: request.detail == .withEngines,
                    after: after,
                    limit: Limits.pageItemsMax
                )
            ),
            incoming
        )
    }

    /// The scheduler has said which workers there are: as many as fit are sent.
    ///
    /// That may be 500 large ones, so it is not done on the thread that follows commits.
    func found(
        _ tag: RequestTag,
        _ found: [WorkerView],
        isMore: Bool,
        router: RequestRouter
    ) {
        runPage(tag, router) { () throws(StoreError) in
            guard let room = Self.room(tag, router) else { return [] }
            let workers = Self.fitting(found, room)
            let isEnd = !isMore && workers.count == found.count
            let cursor = isEnd ? nil : workers.last.map { Array($0.name.utf8) }
            return [
                .response(
                    WorkersList.self,
                    WorkersList.Response(workers: workers, cursor: cursor),
                    to: Self.connection(tag),
                    request: tag.request
                )
            ]
        }
    }

    /// The first workers that fit; one that does not even fit alone is cut.
    static func fitting(_ found: [WorkerView], _ room: consuming PageRoom) -> [WorkerView] {
        var room = room
        var workers: [WorkerView] = []
        for var worker in found {
            if !room.take(worker) {
                guard workers.isEmpty else { break }
                worker.isCut = true
                worker.engines = []
                if !room.take(worker) {
                    worker.labels = []
                    worker.capacity = []
                    worker.used = []
                    _ = room.take(worker)
                }
            }
            workers.append(worker)
        }
        return workers
    }

    // MARK: - What pages share

    /// The room in a frame of the peer's; nil where the peer is gone.
    private static func room(_ tag: RequestTag, _ router: RequestRouter) -> PageRoom? {
        router.peer(connection(tag)).map { PageRoom(frameBytesMax: $0.frameBytesMax) }
    }

    private static func limit(_ asked: UInt64, or usual: Int) -> Int {
        asked == 0 ? usual : min(Int(clamping: asked), Limits.pageItemsMax)
    }

    private static func badCursor(_ tag: RequestTag) -> RPCDelivery {
        error(
            tag,
            .invalidArgument,
            "cursor: expected one that an answer gave; start without it"
        )
    }

    private static func cursor(_ number: JobNumber) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number.rawValue >> UInt64(56 - 8 * $0)) }
    }

    private static func number(fromCursor bytes: [UInt8]) -> JobNumber? {
        guard bytes.count == 8 else { return nil }
        return JobNumber(bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }
}
