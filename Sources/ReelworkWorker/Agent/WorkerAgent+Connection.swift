// SPDX-License-Identifier: Apache-2.0
// Reelwork: the agent's connection

import Dispatch
import Logging
import ReelworkCore
import ReelworkSystem

extension WorkerAgent {
    /// Opens the next connection.
    func connect() {
        guard connection == nil else { return }
        generation += 1
        let endpoint = parts.endpoints[endpointIndex % parts.endpoints.count]
        Task { [generation, inbox, transport = parts.transport] in
            do throws(AgentTransportError) {
                let connection = try await transport.connect(to: endpoint) { event in
                    inbox.yield(.received(generation: generation, event))
                }
                inbox.yield(.opened(generation: generation, connection))
            } catch {
                inbox.yield(.notOpened(generation: generation, error))
            }
        }
    }

    func opened(_ connection: any AgentConnection) {
        let identity = connection.identity
        if let epoch = epochs[identity.cluster], identity.epoch < epoch {
            connection.close()
            lost(
                .refused,
                AgentTransportError(
                    detail: "the scheduler serves an older epoch, \(identity.epoch), than before, "
                        + "\(epoch): it was started on old data; stop it"
                )
            )
            return
        }
        epochs[identity.cluster] = identity.epoch
        self.connection = connection
        handle(.connected)
    }

    /// The connection is over, or did not come to be: another one, after a random wait.
    func lost(_ how: AgentLoss, _ error: AgentTransportError?) {
        let endpoint = parts.endpoints[endpointIndex % parts.endpoints.count]
        generation += 1
        endpointIndex = (endpointIndex + 1) % parts.endpoints.count
        connection?.close()
        connection = nil
        handle(.disconnected)
        guard !isOver else { return }
        let longest = max(lease / 3, Limits.reconnectMin)
        let random = Duration.milliseconds(
            Int64.random(in: Limits.reconnectMin.wholeMilliseconds...longest.wholeMilliseconds)
        )
        // Full jitter, also where a scheduler says when: all its workers were told the same.
        let wait = min(random + (error?.retryAfter ?? .zero), Limits.handshakeTime * 12)
        complain(how.words(parts.registration.name, endpoint, error), wait)
        reconnect?.cancel()
        reconnect = Task { [generation, inbox] in
            guard (try? await Task.sleep(for: wait)) != nil else { return }
            inbox.yield(.connect(generation: generation))
        }
    }

    /// Says what is wrong: at once where it is news, then now and then.
    private func complain(_ words: String, _ wait: Duration) {
        let now = SystemClock.boot()
        let isNews = complaint?.words != words
        let isDue = complaint.map { now.since($0.at) >= Limits.complaintInterval } ?? true
        let line: Logger.Message = "[Worker] \(words); tries again in \(wait.words)"
        guard isNews || isDue else { return parts.logger.debug(line) }
        complaint = (words, now)
        parts.logger.warning(line)
    }

    func received(_ event: AgentConnectionEvent) {
        switch event {
        case .assigned(let firstIndex, let assignments):
            handle(.assigned(firstIndex: firstIndex, assignments))
        case .revoked(let revocations): handle(.revoked(revocations))
        case .inventoryAsked(let request): handle(.inventoryAsked(request: request))
        case .logAsked(let request, let number, let attempt, let offset):
            connection?.answerLog(request, log(number, attempt, offset))
        case .closed(let error): lost(.broken, error)
        }
    }

    private func log(
        _ number: JobNumber,
        _ attempt: AttemptNumber,
        _ offset: UInt64
    ) -> AgentLogPiece? {
        let key = machine.order.first { key in
            let holding = machine.holdings[key]
            return holding?.number == number && holding?.attempt == attempt
        }
        guard let key, let runner = runners[key] else { return nil }
        let piece = runner.log.read(from: offset)
        return AgentLogPiece(offset: piece.offset, data: piece.data)
    }

    // MARK: - Answers

    func registered(_ result: Result<AgentSession, AgentTransportError>, sentAt: BootInstant) {
        switch result {
        case .success(let session):
            lease = session.lease
            complaint = nil
            parts.logger.info(
                "[Worker] Registered as \(parts.registration.name), session \(session.session)"
            )
            handle(
                .registered(
                    heartbeat: session.heartbeat,
                    lease: session.lease,
                    verdicts: session.verdicts,
                    sentAt: sentAt
                )
            )
        case .failure(let error): lost(.refused, error)
        }
    }

    func heartbeatAnswered(_ result: Result<Void, AgentTransportError>, sentAt: BootInstant) {
        switch result {
        case .success: handle(.heartbeatAnswered(sentAt: sentAt))
        // A session that takes no heartbeat is none.
        case .failure(let error): lost(.broken, error)
        }
    }

    func reported(_ result: Result<[ItemResult], AgentTransportError>, sentAt: BootInstant) {
        switch result {
        case .success(let results): handle(.reported(results, sentAt: sentAt))
        case .failure(let error):
            switch error.code {
            // It did not reach a scheduler that works: a new session begins with all that is held.
            case nil, .known(.precondition), .known(.sessionSuperseded), .known(.protocolError):
                lost(.broken, error)
            default:
                parts.logger.warning("[Worker] A report was refused: \(error)")
                handle(.reportRefused(retryAfter: error.retryAfter ?? .seconds(1)))
            }
        }
    }

    // MARK: - Actions

    func carryOut(_ action: AgentMachine.Action) {
        switch action {
        case .register, .heartbeat, .credit, .report, .inventory: send(action)
        case .start(let assignment): start(assignment)
        case .stop(let key, let reason): runners[key]?.stop(reason)
        case .grant(let key): runners[key]?.grant()
        case .spool(let key, let item): spool(key, item)
        case .unspool(let key): unspool(key)
        case .reconnect: lost(.silent, nil)
        case .drained: isOver = true
        }
    }

    private func send(_ action: AgentMachine.Action) {
        guard let connection else { return }
        let sentAt = SystemClock.boot()
        let (generation, inbox) = (generation, inbox)
        switch action {
        case .register(let held):
            var registration = parts.registration
            registration.scratchFreeMebibytes = parts.attempts.room.mebibytesFree
            connection.register(registration, held: held) { result in
                inbox.yield(.registered(generation: generation, result, sentAt: sentAt))
            }
        case .heartbeat(let assignedSeen, let open, let digest):
            let heartbeat = AgentHeartbeat(
                assignedSeen: assignedSeen,
                open: open,
                digest: digest,
                scratchFreeMebibytes: parts.attempts.room.mebibytesFree,
                loadMilli: HostFacts.loadMilli
            )
            connection.heartbeat(heartbeat) { result in
                inbox.yield(.heartbeatAnswered(generation: generation, result, sentAt: sentAt))
            }
        case .credit(let limit, let isDraining):
            connection.credit(limit: limit, isDraining: isDraining)
        case .report(let limit, let items):
            connection.report(limit: limit, items) { result in
                inbox.yield(.reported(generation: generation, result, sentAt: sentAt))
            }
        case .inventory(let request, let assignedSeen, let held):
            connection.answerInventory(request, assignedSeen: assignedSeen, held: held)
        case .start, .stop, .grant, .spool, .unspool, .reconnect, .drained: break
        }
    }

    /// Syncs a report to disk; where that fails it goes out all the same, for a result that only
    /// its sender knows is worse than one that a crash can lose.
    private func spool(_ key: AttemptKey, _ item: ReportItem) {
        disk.async { [inbox, spool = parts.spool, logger = parts.logger] in
            do throws(FileError) {
                try spool.save(key, item)
            } catch {
                logger.error("[Worker] Job \(item.number): the spool cannot be written: \(error)")
            }
            inbox.yield(.spooled(key))
        }
    }

    private func unspool(_ key: AttemptKey) {
        disk.async { [spool = parts.spool, logger = parts.logger] in
            do throws(FileError) {
                try spool.remove(key)
            } catch {
                logger.warning("[Worker] A report cannot be taken out of the spool: \(error)")
            }
        }
    }
}
