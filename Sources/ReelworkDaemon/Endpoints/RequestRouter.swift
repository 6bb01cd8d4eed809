// SPDX-License-Identifier: Apache-2.0
// Reelwork: requests on their way to the scheduler and the store

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkSystem
import ReelworkWire
import Synchronization

/// Requests on their way: decoded on the event loop, then handed to the scheduler's inbox or to the
/// readers of the store.
///
/// Nothing here waits.
final class RequestRouter: RPCServerDelegate {
    let inbox: Inbox
    let reads: StoreReader
    let contents: SpecContents
    let hub: WatchHub
    let board: ProgressBoard
    let loops: LoopBoard
    let statistics: DaemonStatistics
    let gate: WriteGate
    let gaps = ReportGaps()
    private let serverBox = Mutex<RPCServer?>(nil)
    private let peers = Mutex<[RPCConnectionID: RPCPeer]>([:])

    init(
        inbox: Inbox,
        reads: StoreReader,
        contents: SpecContents,
        hub: WatchHub,
        board: ProgressBoard,
        loops: LoopBoard,
        statistics: DaemonStatistics,
        gate: WriteGate
    ) {
        self.inbox = inbox
        self.reads = reads
        self.contents = contents
        self.hub = hub
        self.board = board
        self.loops = loops
        self.statistics = statistics
        self.gate = gate
    }

    /// The server that answers go out on; set once, before it listens.
    func attach(_ server: RPCServer) {
        serverBox.withLock { $0 = server }
    }

    /// The server is gone: nothing goes out any more.
    func detach() {
        serverBox.withLock { $0 = nil }
    }

    /// Connections that are open.
    var peerCount: Int { peers.withLock { $0.count } }

    func deliver(_ deliveries: [RPCDelivery]) {
        serverBox.withLock { $0 }?.deliver(deliveries)
    }

    /// Sends one thing: at once where a request is being handled on its event loop.
    func deliver(_ delivery: RPCDelivery) {
        serverBox.withLock { $0 }?.deliver(delivery)
    }

    // MARK: - Connections

    func opened(_ peer: RPCPeer) {
        peers.withLock { $0[peer.id] = peer }
    }

    func closed(_ connection: RPCConnectionID, isFarewell: Bool) {
        peers.withLock { $0[connection] = nil }
        hub.closed(connection.rawValue)
        gaps.closed(connection.rawValue)
        let session = SessionID(rawValue: connection.rawValue)
        reads.closed(connection.rawValue, router: self)
        inbox.post(.input(.closed(session, isFarewell: isFarewell)))
    }

    func processGone(_ connection: RPCConnectionID) {
        inbox.post(.input(.processGone(SessionID(rawValue: connection.rawValue))))
    }

    func paused(_ connection: RPCConnectionID, isPaused: Bool) {
        inbox.post(
            .input(.paused(SessionID(rawValue: connection.rawValue), isPaused: isPaused))
        )
    }

    func roomy(_ connection: RPCConnectionID) {
        hub.roomy(connection.rawValue) { deliver($0) }
    }

    func canceled(_ incoming: RPCIncoming) {
        guard incoming.method == .watch else { return }
        hub.end(tag(incoming))
        refuse(incoming, ErrorMessage(.canceled, detail: "canceled"))
    }

    // MARK: - Requests

    /// What HELLO_ACK offers: the methods of the protocol that this version serves.
    static let methodsServed = MethodRange.all.filter { range in
        switch Method(rawValue: range.id) {
        case .backup, .config, .logLevel, nil:
            false
        case .submitBatch, .getJob, .listJobs, .watch, .cancelJob, .retryJob, .history, .jobLog,
            .register, .heartbeat, .credit, .assign, .report, .revoke, .inventory, .progress,
            .logRead, .workersList, .workerSet, .metrics, .recover, .loops, .loopSet, .check,
            .jobWhy, .jobBump, .queueSet:
            true
        }
    }

    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        statistics.count(incoming.method)
        do throws(WireError) {
            let bytes = body.byteCount
            if isChange(incoming.method), refuseReadOnly(incoming) { return nil }
            switch incoming.method {
            case .submitBatch: submit(incoming, try SubmitBatch.Request.decode(body), bytes)
            case .cancelJob: cancel(incoming, try CancelJob.Request.decode(body))
            case .register: register(incoming, try Register.Request.decode(body), bytes)
            case .heartbeat: heartbeat(incoming, try Heartbeat.Request.decode(body))
            case .report: report(incoming, try Report.Request.decode(body), bytes)
            case .recover: recover(incoming, try Recover.Request.decode(body))
            case .workersList:
                reads.workers(incoming, try WorkersList.Request.decode(body), router: self)
            case .metrics:
                let prefix = try Metrics.Request.decode(body).prefix
                post(.input(.metrics(tag(incoming), prefix: prefix)), incoming)
            case .jobLog:
                let request = try JobLog.Request.decode(body)
                reads.log(tag(incoming), request, router: self)
            case .getJob: reads.job(tag(incoming), try GetJob.Request.decode(body), router: self)
            case .listJobs:
                reads.list(tag(incoming), try ListJobs.Request.decode(body), router: self)
            case .history:
                reads.history(tag(incoming), try History.Request.decode(body), router: self)
            case .watch: reads.watch(tag(incoming), try Watch.Request.decode(body), router: self)
            case .check: reads.check(tag(incoming), try Check.Request.decode(body), router: self)
            case .loops:
                _ = try Loops.Request.decode(body)
                answerLoops(incoming)
            case .retryJob: retry(incoming, try RetryJob.Request.decode(body))
            case .jobBump: bump(incoming, try JobBump.Request.decode(body))
            case .queueSet: set(incoming, try QueueSet.Request.decode(body))
            case .workerSet: set(incoming, try WorkerSet.Request.decode(body))
            case .jobWhy:
                reads.why(incoming, try JobWhy.Request.decode(body), router: self)
            case .loopSet: set(incoming, try LoopSet.Request.decode(body))
            case .backup, .config, .logLevel, .credit, .assign, .revoke, .inventory,
                .progress, .logRead:
                refuse(
                    incoming,
                    ErrorMessage(
                        .unimplemented,
                        detail: "\(incoming.method.name) is not served by this version"
                    )
                )
            }
            return nil
        } catch {
            return error
        }
    }

    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        let session = SessionID(rawValue: incoming.connection.rawValue)
        do throws(WireError) {
            switch incoming.method {
            case .credit:
                let credit = try Credit.Event.decode(body)
                inbox.post(
                    .input(
                        .credit(
                            session,
                            assignLimit: credit.assignLimit,
                            isDraining: credit.isDraining
                        )
                    )
                )
            case .progress:
                let progress = try ProgressReport.Event.decode(body).progress
                inbox.post(.input(.progress(session, progress)), bytes: body.byteCount)
            case .submitBatch, .getJob, .listJobs, .watch, .cancelJob, .retryJob, .history,
                .jobLog, .jobWhy, .jobBump, .queueSet, .register, .heartbeat, .assign, .report,
                .revoke, .inventory, .logRead, .workersList, .workerSet, .metrics, .recover,
                .loops, .loopSet, .check, .backup, .config, .logLevel:
                break
            }
            return nil
        } catch {
            return error
        }
    }

    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        do throws(WireError) {
            switch incoming.method {
            case .inventory:
                let answer = try Inventory.Response.decode(body)
                inbox.post(
                    .inventory(
                        SessionID(rawValue: incoming.connection.rawValue),
                        assignedSeen: answer.assignedSeen,
                        answer.held
                    )
                )
            case .logRead:
                let answer = try LogRead.Response.decode(body)
                reads.logAnswered(incoming, answer, router: self)
            case .submitBatch, .getJob, .listJobs, .watch, .cancelJob, .retryJob, .history,
                .jobLog, .jobWhy, .jobBump, .queueSet, .register, .heartbeat, .credit, .assign,
                .report, .revoke, .progress, .workersList, .workerSet, .metrics, .recover, .loops,
                .loopSet, .check, .backup, .config, .logLevel:
                break
            }
            return nil
        } catch {
            return error
        }
    }

    func failed(_ incoming: RPCIncoming, error: ErrorMessage) {
        if incoming.method == .logRead { reads.logFailed(incoming, router: self) }
        guard incoming.method == .inventory else { return }
        inbox.post(.input(.inventoryFailed(SessionID(rawValue: incoming.connection.rawValue))))
    }

    // MARK: - What the parts share

    func tag(_ incoming: RPCIncoming) -> RequestTag {
        RequestTag(
            connection: incoming.connection.rawValue,
            request: incoming.requestID,
            method: incoming.method
        )
    }

    func peer(_ connection: RPCConnectionID) -> RPCPeer? { peers.withLock { $0[connection] } }

    /// Who acts: from the peer's credentials, never from the body.
    func actor(_ incoming: RPCIncoming) -> String {
        guard let peer = peer(incoming.connection) else { return "tcp" }
        if let identity = peer.identity { return identity.description }
        return peer.uid.map { "uid:\($0)" } ?? "tcp"
    }

    func refuse(_ incoming: RPCIncoming, _ error: ErrorMessage) {
        deliver(
            .error(
                error,
                method: incoming.method,
                to: incoming.connection,
                request: incoming.requestID
            )
        )
    }

    /// What a request is told that waited for longer than its sender does.
    static let lateWords =
        "#1 timeout: the time was over before the work began; nothing was done"

    static func expired(_ tag: RequestTag) -> RPCDelivery {
        .error(
            ErrorMessage(.timeout, detail: lateWords),
            method: tag.method,
            to: RPCConnectionID(rawValue: tag.connection),
            request: tag.request
        )
    }

    /// Hands a letter to the scheduler, or tells the peer to come later.
    ///
    /// Where the letter may not be refused, the peer's connection is not read on instead.
    func post(
        _ content: Letter,
        _ incoming: RPCIncoming,
        bytes: Int = 0,
        within timeout: Duration? = nil
    ) {
        let letter =
            timeout.map {
                Letter.expiring(tag(incoming), at: incoming.receivedAt.advanced(by: $0), content)
            } ?? content
        let isTaken = inbox.post(letter, bytes: bytes) { session in
            deliver([
                .reading(
                    isHeld: true,
                    on: RPCConnectionID(rawValue: session.rawValue)
                )
            ])
        }
        guard !isTaken else { return }
        refuse(
            incoming,
            ErrorMessage(
                .busy,
                retryAfter: .milliseconds(250),
                detail: "the scheduler is busy"
            )
        )
    }

    /// The scheduler has taken all that waited: those who were held may go on.
    func readOn(_ sessions: [SessionID]) {
        deliver(
            sessions.map { session in
                .reading(isHeld: false, on: RPCConnectionID(rawValue: session.rawValue))
            }
        )
    }

    private func isChange(_ method: Method) -> Bool {
        switch method {
        case .submitBatch, .cancelJob, .retryJob, .jobBump, .queueSet, .workerSet, .register,
            .report, .recover:
            true
        // What changes nothing that is stored.
        case .getJob, .listJobs, .watch, .history, .jobLog, .jobWhy, .heartbeat, .credit, .assign,
            .revoke, .inventory, .progress, .logRead, .workersList, .metrics, .loops, .loopSet,
            .check, .backup, .config, .logLevel:
            false
        }
    }

    private func refuseReadOnly(_ incoming: RPCIncoming) -> Bool {
        guard let error = gate.refusal else { return false }
        refuse(
            incoming,
            ErrorMessage(
                .storageReadOnly,
                retryAfter: .seconds(1),
                detail: "nothing can be changed now: \(error.explanation)"
            )
        )
        return true
    }

    private func answerLoops(_ incoming: RPCIncoming) {
        let loops = loops.all.map { loop, record in
            Loops.Loop(
                name: loop.name,
                isRunning: record.isRunning,
                interval: record.interval,
                runs: record.runs,
                errors: record.errors,
                lastAt: record.lastAt,
                lastMicroseconds: UInt64(
                    clamping: record.lastDuration.wholeNanoseconds / 1000
                ),
                lastError: record.lastError
            )
        }
        deliver(
            .response(
                Loops.self,
                Loops.Response(loops: loops),
                to: incoming.connection,
                request: incoming.requestID
            )
        )
    }
}
