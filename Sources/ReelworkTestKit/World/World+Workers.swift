// SPDX-License-Identifier: Apache-2.0
// Reelwork: the workers of a simulated world

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire
import ReelworkWorker

extension World {
    // MARK: - Connections

    mutating func startWorker(_ worker: Int) {
        guard !workers[worker].isAlive else { return }
        workers[worker].life += 1
        workers[worker].isAlive = true
        workers[worker].pausedUntil = now.boot
        workers[worker].tickAt = .distantFuture
        // A life that begins removes what its ledger says that the last one left.
        for key in workers[worker].ledger.sorted() where workers[worker].spool[key] == nil {
            files.removePart(key)
        }
        workers[worker].ledger = []
        var agent = AgentMachine(slots: options.slots, incarnation: random.next())
        agent.restore(
            workers[worker].spoolOrder.compactMap { key in
                workers[worker].spool[key].map { (key, $0) }
            }
        )
        workers[worker].agent = agent
        plan(
            .connect(worker: worker, life: workers[worker].life),
            after: duration(0...100)
        )
    }

    mutating func connect(_ worker: Int, _ life: UInt64) {
        guard workers[worker].isAlive, workers[worker].life == life, workers[worker].link == nil
        else { return }
        guard isSchedulerUp, workers[worker].pausedUntil <= now.boot else {
            plan(.connect(worker: worker, life: life), after: duration(100...2000))
            return
        }
        open(worker)
    }

    /// A worker notices that its connection is gone.
    mutating func linkLost(_ worker: Int, _ link: UInt64) {
        guard workers[worker].isAlive, workers[worker].link == link else { return }
        guard workers[worker].pausedUntil <= now.boot else {
            plan(.linkLost(worker: worker, link: link), at: workers[worker].pausedUntil)
            return
        }
        workers[worker].link = nil
        leave(link)
        agent(worker, .disconnected)
        plan(
            .connect(worker: worker, life: workers[worker].life),
            after: duration(100...5000)
        )
    }

    /// Cuts a connection: what is on its way is lost.
    ///
    /// Each side notices after a while, or not before its keepalive.
    mutating func cut(_ worker: Int) {
        guard let link = workers[worker].link, let index = index(ofLink: link),
            !links[index].isCut
        else { return }
        links[index].isCut = true
        links[index].isDisturbed = true
        for side in SessionSide.allCases where chance(750) {
            plan(.linkGone(link: link, side), after: duration(0...1000))
        }
    }

    mutating func deliver(
        _ message: ToWorker,
        to worker: Int,
        _ link: UInt64,
        _ event: WorldEvent
    ) {
        guard workers[worker].link == link else { return }
        guard ready(worker, workers[worker].life, event) else { return }
        switch message {
        case .registered(let heartbeat, let lease, let verdicts, let sentAt):
            if let index = index(ofLink: link) { links[index].isRegistered = true }
            check(verdicts)
            agent(
                worker,
                .registered(
                    heartbeat: heartbeat,
                    lease: lease,
                    verdicts: spoiled(verdicts),
                    sentAt: sentAt
                )
            )
        case .heartbeat(let sentAt): agent(worker, .heartbeatAnswered(sentAt: sentAt))
        case .reported(let results, let sentAt):
            agent(worker, .reported(results, sentAt: sentAt))
        case .assign(let first, let assignments):
            check(assignments, first: first, at: link)
            workers[worker].assignedLast = assignments.last?.number
            if strikes("assignment forgotten", 3) {
                if let index = index(ofLink: link) { links[index].isForgetful = true }
                break
            }
            agent(worker, .assigned(firstIndex: first, assignments))
        case .revoke(let revocations):
            see(.revoke)
            agent(worker, .revoked(revocations))
        case .inventory(let request): agent(worker, .inventoryAsked(request: request))
        case .failed(let method, let code, let wait): failed(method, code, wait, worker, link)
        }
    }

    /// A request failed: a new session begins, but where a report is only to be sent again.
    private mutating func failed(
        _ method: Method,
        _ code: OpenEnum<ResultCode>?,
        _ wait: Duration,
        _ worker: Int,
        _ link: UInt64
    ) {
        switch (method, code) {
        case (.report, nil), (.report, .known(.precondition)),
            (.report, .known(.sessionSuperseded)), (.report, .known(.protocolError)):
            linkLost(worker, link)
        case (.report, _):
            agent(worker, .reportRefused(retryAfter: wait == .zero ? .seconds(1) : wait))
        default: linkLost(worker, link)
        }
    }

    // MARK: - The agent

    mutating func agent(_ worker: Int, _ event: AgentMachine.Event) {
        let actions = workers[worker].agent.handle(event, now: now)
        for action in actions { carryOut(action, worker) }
        let next = workers[worker].agent.nextTick(now: now.boot)
        guard next < workers[worker].tickAt else { return }
        workers[worker].tickAt = max(next, now.boot)
        plan(.agentTick(worker: worker, life: workers[worker].life), at: next)
    }

    private mutating func carryOut(_ action: AgentMachine.Action, _ worker: Int) {
        switch action {
        case .register, .heartbeat, .credit, .report, .inventory: say(action, worker)
        case .start(let assignment):
            let key = AttemptKey(id: assignment.id, origin: assignment.attempt)
            workers[worker].runs[key] = WorldWorker.Run(
                machine: AttemptMachine(isLookOnly: assignment.isLookOnly),
                assignment: assignment
            )
            workers[worker].ledger.insert(key)
            plan(
                .attempt(worker: worker, life: workers[worker].life, key, .begin),
                after: .zero
            )
        case .stop(let key, let reason): attemptSoon(worker, key, .stop(reason), .zero)
        case .grant(let key):
            attemptSoon(worker, key, .granted, .zero)
            if strikes("pause before a publication", 30) { pause(worker) }
        case .spool(let key, let item):
            workers[worker].spool[key] = item
            workers[worker].spoolOrder.append(key)
            plan(
                .spooled(worker: worker, life: workers[worker].life, key),
                after: duration(0...3)
            )
        case .unspool(let key):
            workers[worker].spool[key] = nil
            workers[worker].spoolOrder.removeAll { $0 == key }
        case .reconnect:
            if let link = workers[worker].link { linkLost(worker, link) }
        case .drained: break
        }
    }

    /// Puts a word of the agent on its connection.
    private mutating func say(_ action: AgentMachine.Action, _ worker: Int) {
        guard let link = workers[worker].link, let content = content(of: action, worker, link)
        else { return }
        send(content, from: .client, of: link)
        settle(link, .client)
    }

    private mutating func content(
        of action: AgentMachine.Action,
        _ worker: Int,
        _ link: UInt64
    ) -> RPCDelivery.Content? {
        let tag = UInt64(clamping: now.boot.nanoseconds)
        switch action {
        case .register(let held):
            let request = Register.Request(worker: registration(of: worker), held: held)
            return .request(FrameBody(request: request, of: Register.self), tag: tag)
        case .heartbeat(let seen, let open, let digest):
            if options.mutant == .heartbeatLost, chance(800) {
                agent(worker, .heartbeatAnswered(sentAt: now.boot))
                return nil
            }
            if let number = workers[worker].assignedLast, strikes("cancel at a heartbeat", 10) {
                plan(.cancel(number), after: duration(0...5))
            }
            let request = Heartbeat.Request(
                assignedSeen: seen,
                open: open,
                digest: digest.value
            )
            return .request(FrameBody(request: request, of: Heartbeat.self), tag: tag)
        case .credit(let limit, let isDraining):
            let event = Credit.Event(
                assignLimit: allow(limit, link),
                isDraining: isDraining ? true : nil
            )
            return .event(FrameBody(event: event, of: Credit.self), request: 0, isDroppable: false)
        case .report(let limit, let items):
            for item in items where strikes("forced recovery before a report", 10) {
                plan(.force(item.number), after: duration(0...3))
            }
            let request = Report.Request(assignLimit: allow(limit, link), items: items)
            return .request(FrameBody(request: request, of: Report.self), tag: tag)
        case .inventory(let request, let seen, let held):
            let answer = Inventory.Response(assignedSeen: seen, held: held)
            return .response(FrameBody(response: answer, of: Inventory.self), request: request)
        case .start, .stop, .grant, .spool, .unspool, .reconnect, .drained: return nil
        }
    }

    /// Notes how many assignments the worker has allowed.
    private mutating func allow(_ limit: UInt64, _ link: UInt64) -> UInt64 {
        if let index = index(ofLink: link) {
            links[index].creditSent = max(links[index].creditSent, limit)
        }
        return spoiled(credit: limit, link)
    }

    private func registration(of worker: Int) -> WorkerRegistration {
        WorkerRegistration(
            name: workers[worker].name,
            incarnation: workers[worker].life << 8 | UInt64(worker),
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: options.slots)],
            engines: [EngineReport(name: "ffmpeg", version: "1", encoders: ["libx264"])]
        )
    }
}
