// SPDX-License-Identifier: Apache-2.0
// Reelwork: answers from the store

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkSystem
import ReelworkWire
import Synchronization

/// Answers from the store: jobs, pages, histories, logs and checks, read on threads of their own.
///
/// Pages and watches are in files of their own.
final class StoreReader: Sendable {
    let store: any JobStore
    private let pool: ReadPool
    /// Used by the thread of the pages alone.
    private let printer = Mutex(FramePrinter())
    /// Log requests that wait for a worker's answer, by the tag of the question.
    private let logsWaiting = Mutex(LogsWaiting())
    /// Log requests that wait for the scheduler to say who holds the job.
    private let logsLocating = Mutex<[RequestTag: LogWaiter]>([:])

    private struct LogWaiter: Sendable {
        var tag: RequestTag
        var number: JobNumber
        var attempt: AttemptNumber
        var offset: UInt64
        /// How long the worker is waited for.
        var wait: Duration
    }

    /// A question that a worker was asked.
    private struct LogQuestion: Sendable {
        var connection: UInt64
        var waiter: LogWaiter
        /// Ends the waiting.
        var timer: Task<Void, Never>
    }

    private struct LogsWaiting {
        var serialLast: UInt64 = 0
        var waiters: [UInt64: LogQuestion] = [:]
    }

    init(store: any JobStore, pool: ReadPool) {
        self.store = store
        self.pool = pool
    }

    func close() { pool.close() }

    // MARK: - Jobs

    func job(_ tag: RequestTag, _ request: GetJob.Request, router: RequestRouter) {
        run(tag, router, within: request.tags.timeout) { [store] () throws(StoreError) in
            guard let job = try store.job(request.ref) else { return [Self.notFound(tag)] }
            let view = JobViews.view(
                of: job,
                detail: request.detail,
                progress: router.board[job.row.number]
            )
            return [
                .response(
                    GetJob.self,
                    GetJob.Response(job: view),
                    to: Self.connection(tag),
                    request: tag.request
                )
            ]
        }
    }

    func check(_ tag: RequestTag, _ request: Check.Request, router: RequestRouter) {
        run(tag, router, within: request.tags.timeout) { [store] () throws(StoreError) in
            let findings = try store.check(isDeep: request.isDeep).map { finding in
                Check.Finding(
                    name: finding.name,
                    isOK: finding.isSound,
                    examined: finding.examined,
                    bad: finding.bad,
                    detail: finding.detail,
                    examples: finding.examples.map(\.rawValue),
                    warning: finding.warning
                )
            }
            return [
                .response(
                    Check.self,
                    Check.Response(checks: findings),
                    to: Self.connection(tag),
                    request: tag.request
                )
            ]
        }
    }

    // MARK: - Logs

    /// Asks the scheduler who holds the job: a running encode's log is at its worker.
    func log(_ tag: RequestTag, _ request: JobLog.Request, router: RequestRouter) {
        run(tag, router, within: request.tags.timeout) { [self] () throws(StoreError) in
            guard !request.follows else {
                return [Self.error(tag, .invalidArgument, "#16 follow: not in version 1")]
            }
            guard let job = try store.job(request.ref) else { return [Self.notFound(tag)] }
            let waiter = LogWaiter(
                tag: tag,
                number: job.row.number,
                attempt: request.attempt,
                offset: request.offset,
                wait: Self.logWait(request.tags.timeout)
            )
            guard job.row.machine.state == .running,
                request.attempt == .none || request.attempt == job.row.machine.attempt
            else { return try stored(waiter) }
            logsLocating.withLock { $0[tag] = waiter }
            router.inbox.post(.input(.locate(tag, job.row.number)))
            return []
        }
    }

    /// How long a worker is waited for: no longer than the answer is of use, where that was said.
    private static func logWait(_ timeout: Duration?) -> Duration {
        guard let timeout, timeout > .zero else { return Limits.logAnswerTime }
        return min(timeout, Limits.logAnswerTime)
    }

    /// The scheduler has said who holds the job.
    func located(
        _ tag: RequestTag,
        _ session: SessionID?,
        _ attempt: AttemptNumber,
        router: RequestRouter
    ) {
        guard var waiter = logsLocating.withLock({ $0.removeValue(forKey: tag) }) else { return }
        guard let session else {
            answerStored(waiter, router: router)
            return
        }
        waiter.attempt = attempt
        let connection = RPCConnectionID(rawValue: session.rawValue)
        let serial = logsWaiting.withLock { waiting in
            waiting.serialLast += 1
            let serial = waiting.serialLast
            waiting.waiters[serial] = LogQuestion(
                connection: session.rawValue,
                waiter: waiter,
                timer: Task { [self, wait = waiter.wait] in
                    guard (try? await Task.sleep(for: wait)) != nil else { return }
                    logLate(serial, router: router)
                }
            )
            return serial
        }
        let request = LogRead.Request(
            number: waiter.number,
            attempt: attempt,
            offset: waiter.offset
        )
        router.deliver([.request(LogRead.self, request, to: connection, tag: serial)])
        // The connection may have ended before it was asked: then nobody would ever answer.
        if router.peer(connection) == nil { closed(session.rawValue, router: router) }
    }

    func logAnswered(_ incoming: RPCIncoming, _ answer: LogRead.Response, router: RequestRouter) {
        guard let waiter = takeWaiter(incoming.tag) else { return }
        // A worker's numbers are not ours: an offset that cannot be is one.
        guard answer.offset <= UInt64(Int64.max) else {
            answerStored(waiter, router: router)
            return
        }
        router.deliver(Self.log(waiter.tag, offset: answer.offset, answer.data))
    }

    func logFailed(_ incoming: RPCIncoming, router: RequestRouter) {
        guard let waiter = takeWaiter(incoming.tag) else { return }
        answerStored(waiter, router: router)
    }

    /// A worker that is stopped, or too busy for its connection, answers nobody.
    private func logLate(_ serial: UInt64, router: RequestRouter) {
        guard let waiter = takeWaiter(serial) else { return }
        let words =
            "the worker of job \(waiter.number) gave no log within \(waiter.wait.words): it may be "
            + "stopped, see `reelwork workers list`; ask again"
        router.deliver([Self.error(waiter.tag, .timeout, words)])
    }

    /// A worker's connection is gone: what it was asked is answered from the store.
    func closed(_ connection: UInt64, router: RequestRouter) {
        pool.forget(connection)
        let waiters = logsWaiting.withLock { waiting in
            let gone = waiting.waiters.filter { $0.value.connection == connection }
            for (serial, question) in gone {
                question.timer.cancel()
                waiting.waiters[serial] = nil
            }
            return gone.sorted { $0.key < $1.key }.map(\.value.waiter)
        }
        for waiter in waiters { answerStored(waiter, router: router) }
    }

    private func takeWaiter(_ serial: UInt64) -> LogWaiter? {
        let question = logsWaiting.withLock { $0.waiters.removeValue(forKey: serial) }
        question?.timer.cancel()
        return question?.waiter
    }

    private func answerStored(_ waiter: LogWaiter, router: RequestRouter) {
        run(waiter.tag, router) { [self] () throws(StoreError) in try stored(waiter) }
    }

    private func stored(_ waiter: LogWaiter) throws(StoreError) -> [RPCDelivery] {
        let tail = try store.log(waiter.number, attempt: waiter.attempt)?.tail ?? []
        let skipped = min(Int(clamping: waiter.offset), tail.count)
        return Self.log(
            waiter.tag,
            offset: UInt64(skipped),
            Array(tail[skipped...])
        )
    }

    private static func log(
        _ tag: RequestTag,
        offset: UInt64,
        _ data: [UInt8]
    ) -> [RPCDelivery] {
        var deliveries: [RPCDelivery] = []
        if !data.isEmpty {
            deliveries.append(
                .event(
                    JobLog.self,
                    JobLog.Event(offset: offset, data: data),
                    to: connection(tag),
                    request: tag.request
                )
            )
        }
        deliveries.append(
            .response(
                JobLog.self,
                JobLog.Response(next: offset + UInt64(data.count)),
                to: connection(tag),
                request: tag.request
            )
        )
        return deliveries
    }

    // MARK: - What the parts share

    func run(
        _ tag: RequestTag,
        _ router: RequestRouter,
        within timeout: Duration? = nil,
        _ body: @escaping @Sendable () throws(StoreError) -> [RPCDelivery],
        busy: @escaping @Sendable () -> Void = {}
    ) {
        let expiry = Self.expiry(timeout)
        let isTaken = pool.run(for: tag.connection) {
            router.deliver(Self.deliveries(tag, expiry, body, busy: busy))
        }
        if !isTaken { refuse(tag, router, busy) }
    }

    /// The same for what is large, which is read when the peer has taken the last of it.
    ///
    /// Answers are made into frames here, and not on the event loop.
    func runPage(
        _ tag: RequestTag,
        _ router: RequestRouter,
        within timeout: Duration? = nil,
        _ body: @escaping @Sendable () throws(StoreError) -> [RPCDelivery],
        busy: @escaping @Sendable () -> Void = {}
    ) {
        let expiry = Self.expiry(timeout)
        let isTaken = pool.runPage(for: tag.connection) { [self] ticket in
            let deliveries = Self.deliveries(tag, expiry, body, busy: busy)
            router.deliver(
                printed(deliveries, router) + [.ticket(ticket, Self.connection(tag))]
            )
        }
        if !isTaken { refuse(tag, router, busy) }
    }

    private static func expiry(_ timeout: Duration?) -> BootInstant? {
        timeout.map { SystemClock.boot().advanced(by: $0) }
    }

    private static func deliveries(
        _ tag: RequestTag,
        _ expiry: BootInstant?,
        _ body: () throws(StoreError) -> [RPCDelivery],
        busy: () -> Void
    ) -> [RPCDelivery] {
        if let expiry, SystemClock.boot() >= expiry {
            busy()
            return [RequestRouter.expired(tag)]
        }
        do throws(StoreError) {
            return try body()
        } catch {
            return [Self.error(tag, .internal, error.explanation)]
        }
    }

    private func printed(
        _ deliveries: [RPCDelivery],
        _ router: RequestRouter
    ) -> [RPCDelivery] {
        printer.withLock { printer in
            var result: [RPCDelivery] = []
            for delivery in deliveries {
                guard let peer = router.peer(delivery.connection) else { continue }
                result.append(
                    printer.print(
                        delivery,
                        frameBytesMax: peer.frameBytesMax,
                        isCompressed: peer.isCompressed
                    )
                )
            }
            return result
        }
    }

    private func refuse(_ tag: RequestTag, _ router: RequestRouter, _ busy: () -> Void) {
        busy()
        router.deliver([
            .error(
                ErrorMessage(
                    .busy,
                    retryAfter: .milliseconds(250),
                    detail: "too many reads wait"
                ),
                method: tag.method,
                to: Self.connection(tag),
                request: tag.request
            )
        ])
    }

    static func connection(_ tag: RequestTag) -> RPCConnectionID {
        RPCConnectionID(rawValue: tag.connection)
    }

    static func error(
        _ tag: RequestTag,
        _ code: ResultCode,
        _ detail: String
    ) -> RPCDelivery {
        .error(
            ErrorMessage(code, detail: detail),
            method: tag.method,
            to: connection(tag),
            request: tag.request
        )
    }

    static func notFound(_ tag: RequestTag) -> RPCDelivery {
        error(tag, .notFound, "there is no such job; see `reelwork jobs`")
    }
}
