// SPDX-License-Identifier: Apache-2.0
// Reelwork: what leaves after a commit

import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

/// What leaves after a commit: answers and pushes to connections, news to watchers, lines to the
/// log.
struct Dispatcher: Sendable {
    let server: RPCServer
    let store: any JobStore
    let shelf: SpecShelf
    let hub: WatchHub
    let board: ProgressBoard
    let journal: Journal
    let gaps: ReportGaps
    /// Answers that need more than the scheduler knows: metrics, logs and pages.
    let special: @Sendable (RequestTag, SchedulerAnswer) -> Void
    /// The store failed: the process must end.
    let exit: @Sendable (StoreError) -> Void

    /// Sends answers that depend on no commit.
    func send(_ outputs: [SchedulerOutput]) {
        var deliveries: [RPCDelivery] = []
        for output in outputs { append(output, to: &deliveries) }
        if !deliveries.isEmpty { server.deliver(deliveries) }
    }

    /// Sends everything of one commit, in one hop an event loop.
    ///
    /// Assignments of one worker share a frame: they gather until something else is to go to that
    /// worker, for only the order on each connection matters.
    func release(_ effects: SchedulerEffects) {
        shelf.put(effects.batch.inserts)
        board.put(effects.progress.lazy.map(\.progress))
        board.remove(effects.batch.moves)
        var deliveries: [RPCDelivery] = []
        deliveries.reserveCapacity(effects.outputs.count)
        var gathering = AssignmentGathering()
        for output in effects.outputs {
            switch output {
            case .push(let session, .assign(var assignment, let index)):
                guard let spec = spec(of: assignment.number) else { continue }
                assignment.spec = spec
                gathering.add(assignment, index: index, to: session, &deliveries)
            case .push(let session, _):
                gathering.flush(session, &deliveries)
                append(output, to: &deliveries)
            case .answer(let tag, _):
                gathering.flush(SessionID(rawValue: tag.connection), &deliveries)
                append(output, to: &deliveries)
            }
        }
        gathering.flushAll(&deliveries)
        if !deliveries.isEmpty { server.deliver(deliveries) }
        hub.publish(effects.batch.moves) { server.deliver($0) }
        let progress = hub.publish(effects.progress)
        if !progress.isEmpty { server.deliver(progress) }
        journal.record(effects)
    }

    private func spec(of number: JobNumber) -> [UInt8]? {
        if let spec = shelf.take(number) { return spec }
        do throws(StoreError) {
            return try store.job(.number(number))?.insert.spec
        } catch {
            exit(error)
            return nil
        }
    }

    private func append(_ output: SchedulerOutput, to deliveries: inout [RPCDelivery]) {
        switch output {
        case .answer(let tag, let answer): append(answer, tag, to: &deliveries)
        case .push(let session, let push):
            let connection = RPCConnectionID(rawValue: session.rawValue)
            switch push {
            case .assign: break
            case .revoke(let revocation):
                deliveries.append(
                    .event(
                        Revoke.self,
                        Revoke.Event(revocations: [revocation]),
                        to: connection,
                        request: 0
                    )
                )
            case .inventory:
                deliveries.append(.request(Inventory.self, EmptyRequest(), to: connection))
            case .close(let code, let detail):
                deliveries.append(.close(code, detail: detail, to: connection))
            }
        }
    }

    private func append(
        _ answer: SchedulerAnswer,
        _ tag: RequestTag,
        to deliveries: inout [RPCDelivery]
    ) {
        switch answer {
        case .submitted(let results):
            deliveries.append(
                response(SubmitBatch.self, SubmitBatch.Response(results: results), tag)
            )
        case .results(let results):
            if let delivery = delivery(of: results, tag) { deliveries.append(delivery) }
        case .recovered(let outcomes, let isMore):
            deliveries.append(
                response(Recover.self, Dispatcher.recovered(outcomes, isMore: isMore), tag)
            )
        case .registered(let session, let heartbeat, let lease, let verdicts):
            let body = Register.Response(
                session: session.rawValue,
                heartbeat: heartbeat,
                lease: lease,
                verdicts: verdicts
            )
            deliveries.append(response(Register.self, body, tag))
        case .heartbeat:
            deliveries.append(response(Heartbeat.self, Heartbeat.Response(), tag))
        case .worker(let result, let open):
            let body = WorkerSet.Response(results: [result], open: open)
            deliveries.append(response(WorkerSet.self, body, tag))
        case .why(let explanation):
            deliveries.append(response(JobWhy.self, JobWhy.Response(explanation), tag))
        case .located, .metrics, .workers, .whyStored: special(tag, answer)
        case .refused(let code, let detail, let retryAfter):
            if tag.method == .report { _ = gaps.fill(tag, []) }
            deliveries.append(
                .error(
                    ErrorMessage(code, retryAfter: retryAfter, detail: detail),
                    method: tag.method,
                    to: RPCConnectionID(rawValue: tag.connection),
                    request: tag.request
                )
            )
        }
    }

    /// Results under the method that asked for them: an answer under another is dropped.
    private func delivery(of results: [ItemResult], _ tag: RequestTag) -> RPCDelivery? {
        switch tag.method {
        case .report:
            response(Report.self, ItemResults(results: gaps.fill(tag, results)), tag)
        case .cancelJob: response(CancelJob.self, ItemResults(results: results), tag)
        case .retryJob: response(RetryJob.self, ItemResults(results: results), tag)
        case .jobBump: response(JobBump.self, ItemResults(results: results), tag)
        case .queueSet: response(QueueSet.self, ItemResults(results: results), tag)
        case .loopSet: response(LoopSet.self, ItemResults(results: results), tag)
        // These have answers of their own, or none.
        case .submitBatch, .getJob, .listJobs, .watch, .history, .jobLog, .jobWhy, .register,
            .heartbeat, .credit, .assign, .revoke, .inventory, .progress, .logRead, .workersList,
            .workerSet, .metrics, .recover, .loops, .check, .backup, .config, .logLevel:
            nil
        }
    }

    private func response<C: WireCall>(
        _ call: C.Type,
        _ body: C.Response,
        _ tag: RequestTag
    ) -> RPCDelivery {
        .response(
            call,
            body,
            to: RPCConnectionID(rawValue: tag.connection),
            request: tag.request
        )
    }

    private static func recovered(
        _ outcomes: [RecoveryOutcome],
        isMore: Bool
    ) -> Recover.Response {
        Recover.Response(
            items: outcomes.map { outcome in
                Recover.Item(
                    number: outcome.number,
                    from: outcome.from.map { .known($0) },
                    to: outcome.to.map { .known($0) },
                    code: .known(outcome.code),
                    detail: outcome.detail
                )
            },
            hasMore: isMore
        )
    }
}
