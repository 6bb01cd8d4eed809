// SPDX-License-Identifier: Apache-2.0
// Reelwork: the client's end of one connection.

internal import NIOCore
internal import ReelworkCore
internal import ReelworkWire

/// The client's end of one connection, on its event loop: who waits for which answer.
final class ClientSession: SessionOwner {
    /// What the client's users want.
    enum Command: Sendable {
        case ask(FrameBody, any PendingCall, tag: UInt64, timeout: Duration?)
        case forget(tag: UInt64)
        case send(RPCDelivery.Content)
        case leave
        case drop
    }

    private struct Entry {
        var pending: any PendingCall
        var id: UInt32
        var timer: Scheduled<Void>?
    }

    private let eventLoop: any EventLoop
    private let ready: EventLoopPromise<Result<SessionTerms, RPCError>>
    private let pushes: AsyncStream<RPCPush>.Continuation
    private let isWorker: Bool
    private weak var session: SessionHandler?
    private var isOpened = false
    private var calls: [UInt64: Entry] = [:]
    private var waiting = CircularBuffer<(body: FrameBody, tag: UInt64)>()
    /// Why nothing can be sent any more.
    private var ended: RPCError?

    init(
        eventLoop: any EventLoop,
        ready: EventLoopPromise<Result<SessionTerms, RPCError>>,
        pushes: AsyncStream<RPCPush>.Continuation,
        role: PeerRole
    ) {
        self.eventLoop = eventLoop
        self.ready = ready
        self.pushes = pushes
        isWorker = role == .worker
    }

    // MARK: - From the users

    /// Carries out what was asked for, in order, with one flush.
    func carryOut(_ commands: [Command]) {
        let now = LoopState.now
        for command in commands {
            switch command {
            case .ask(let body, let pending, let tag, let timeout):
                ask(body, pending, tag, timeout, now)
            case .forget(let tag): forget(tag)
            case .send(let content): session?.send(content, now)
            case .leave: session?.leave(.ok, drain: .zero)
            case .drop: session?.drop()
            }
        }
        session?.loop.flush()
    }

    private func ask(
        _ body: FrameBody,
        _ pending: any PendingCall,
        _ tag: UInt64,
        _ timeout: Duration?,
        _ now: BootInstant
    ) {
        guard !pending.isDone else { return }
        guard let session, ended == nil else {
            return pending.fail(ClientSession.unsent(ended))
        }
        let timer = timeout.map { timeout in
            let wait = TimeAmount.nanoseconds(max(timeout.wholeNanoseconds, 0))
            return eventLoop.assumeIsolated().scheduleTask(in: wait) {
                pending.fail(
                    RPCError(.timeout, "no answer within \(timeout.words); try again later")
                )
                self.forget(tag)
                self.session?.loop.flush()
            }
        }
        let canGo =
            waiting.isEmpty || (Method(rawValue: body.methodField >> 4)?.isNeverBusy ?? false)
        if canGo, session.machine.hasRoom(for: body.methodField) {
            calls[tag] = Entry(pending: pending, id: 0, timer: timer)
            session.send(.request(body, tag: tag), now)
        } else if waiting.count < Limits.requestsWaitingMax {
            calls[tag] = Entry(pending: pending, id: 0, timer: timer)
            waiting.append((body, tag))
        } else {
            timer?.cancel()
            pending.fail(
                RPCError(.timeout, "\(waiting.count) requests wait already; try again later")
            )
        }
    }

    /// Nobody waits for this answer any more: the server is told.
    private func forget(_ tag: UInt64) {
        guard let entry = calls.removeValue(forKey: tag) else { return }
        entry.timer?.cancel()
        if entry.id != 0 { session?.giveUp(entry.id) }
    }

    // MARK: - From the session

    func answerToHello(_ terms: SessionTerms) -> HelloAck? { nil }

    func gate(certificate: [UInt8]?) -> SessionGate { .denied }

    func judge(_ proof: Auth) -> SessionVerdict {
        .rejected(ErrorMessage(.internal, detail: "a client judges nobody"))
    }

    /// The handler that this is the owner of.
    func attach(_ session: SessionHandler) {
        self.session = session
    }

    func opened(_ session: SessionHandler, _ terms: SessionTerms) {
        isOpened = true
        ready.succeed(.success(terms))
    }

    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        do throws(WireError) {
            switch incoming.method {
            case .inventory:
                _ = try Inventory.Request.decode(body)
                push(.inventory(request: incoming.requestID))
            case .logRead:
                let request = try LogRead.Request.decode(body)
                push(.logRead(request, request: incoming.requestID))
            case .submitBatch, .getJob, .listJobs, .watch, .cancelJob, .retryJob, .history,
                .jobLog, .jobWhy, .jobBump, .queueSet, .register, .heartbeat, .credit, .assign,
                .report, .revoke, .progress, .workersList, .workerSet, .metrics, .recover, .loops,
                .loopSet, .check, .backup, .config, .logLevel:
                // The machine lets only a server's requests through.
                break
            }
            return nil
        } catch {
            return error
        }
    }

    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        if incoming.requestID != 0 {
            return calls[incoming.tag].flatMap { entry in
                let error = entry.pending.event(body)
                if entry.pending.isDone { forget(incoming.tag) }
                return error
            }
        }
        do throws(WireError) {
            if incoming.method == .assign {
                push(.assign(try Assign.Event.decode(body)))
            } else if incoming.method == .revoke {
                push(.revoke(try Revoke.Event.decode(body)))
            }
            return nil
        } catch {
            return error
        }
    }

    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        guard let entry = calls.removeValue(forKey: incoming.tag) else { return nil }
        entry.timer?.cancel()
        return entry.pending.answer(body)
    }

    func failed(_ incoming: RPCIncoming, _ why: SessionFailure) {
        guard let entry = calls.removeValue(forKey: incoming.tag) else { return }
        entry.timer?.cancel()
        entry.pending.fail(ClientSession.error(why, incoming.method))
    }

    func asked(_ id: UInt32, tag: UInt64) {
        calls[tag]?.id = id
    }

    func settled(_ session: SessionHandler) {
        let now = LoopState.now
        while let next = waiting.first, session.machine.hasRoom(for: next.body.methodField) {
            waiting.removeFirst()
            // One that was given up meanwhile is not sent at all.
            guard calls[next.tag] != nil else { continue }
            session.send(.request(next.body, tag: next.tag), now)
        }
    }

    func canceled(_ incoming: RPCIncoming) {
        push(.canceled(request: incoming.requestID))
    }

    func goaway(_ message: GoAway) {
        failWaiting(RPCError(.notLookedAt, "the server is about to stop; ask again or elsewhere"))
        push(.farewell(message))
    }

    func roomy() {}

    func paused(_ isPaused: Bool) {}

    func closed(_ end: SessionEnd, isFarewell: Bool) {
        let error = ClientSession.error(end, isOpened: isOpened)
        ended = error ?? ClientSession.lost
        if !isOpened { ready.succeed(.failure(error ?? ClientSession.lost)) }
        failWaiting(ClientSession.unsent(error))
        pushes.yield(.closed(error))
        pushes.finish()
    }

    func gone() {
        if ended == nil { ended = ClientSession.lost }
    }

    private func failWaiting(_ error: RPCError) {
        let left = waiting
        waiting.removeAll()
        for item in left {
            guard let entry = calls.removeValue(forKey: item.tag) else { continue }
            entry.timer?.cancel()
            entry.pending.fail(error)
        }
    }

    private func push(_ push: RPCPush) {
        switch pushes.yield(push) {
        case .enqueued, .terminated: break
        case .dropped:
            let words = "\(Limits.eventsWaitingMax) messages wait for this worker to look at them"
            session?.send(.close(ErrorMessage(.internal, detail: words)), LoopState.now)
        @unknown default: break
        }
    }
}
