// SPDX-License-Identifier: Apache-2.0
// Reelwork: the shell around the agent's machine

import Dispatch
package import Logging
package import ReelworkCore
import ReelworkSystem

/// The one place where ``AgentMachine`` lives: takes its events from sockets, runs and clocks, one
/// after the other, and carries out its actions.
package actor WorkerAgent {
    /// What the agent is made of.
    package struct Parts: Sendable {
        /// The way to the scheduler.
        package var transport: any AgentTransport
        /// Where schedulers answer, tried in turn.
        package var endpoints: [String]
        /// What it says of itself.
        package var registration: WorkerRegistration
        /// What its runs have in common.
        package var attempts: AttemptSettings
        /// Results that wait.
        package var spool: Spool
        /// Where its lines go.
        package var logger: Logger

        /// Puts them together.
        package init(
            transport: any AgentTransport,
            endpoints: [String],
            registration: WorkerRegistration,
            attempts: AttemptSettings,
            spool: Spool,
            logger: Logger
        ) {
            self.transport = transport
            self.endpoints = endpoints
            self.registration = registration
            self.attempts = attempts
            self.spool = spool
            self.logger = logger
        }
    }

    let parts: Parts
    var machine: AgentMachine
    var runners: [AttemptKey: AttemptRunner] = [:]
    var tasks: [AttemptKey: Task<Void, Never>] = [:]
    var connection: (any AgentConnection)?
    /// Rises with each connection: news of an older one counts for nothing.
    var generation: UInt64 = 0
    var endpointIndex = 0
    /// The highest epoch of each cluster that was served.
    var epochs: [JobID: UInt64] = [:]
    var lease = Duration.seconds(15)
    var isOver = false
    /// What was last said of a connection that was lost, and when.
    var complaint: (words: String, at: BootInstant)?
    var isDraining = false
    private var tickAt = BootInstant.distantFuture
    private var tickTask: Task<Void, Never>?
    private var drainTask: Task<Void, Never>?
    var reconnect: Task<Void, Never>?
    /// One after the other: a report is taken out only after it was put in.
    let disk = DispatchQueue(label: "reelwork.spool")
    private let mails: AsyncStream<AgentMail>
    nonisolated let inbox: AsyncStream<AgentMail>.Continuation

    /// Makes an agent; nothing happens before ``run(_:)``.
    package init(_ parts: Parts) {
        self.parts = parts
        machine = AgentMachine(
            slots: parts.registration.slots,
            incarnation: parts.registration.incarnation
        )
        (mails, inbox) = AsyncStream.makeStream(of: AgentMail.self)
    }

    /// Works until it was told to drain and has nothing left to say.
    ///
    /// - Parameter spooled: reports that an earlier life left.
    package func run(_ spooled: [(AttemptKey, ReportItem)] = []) async {
        machine.restore(spooled)
        inbox.yield(.connect(generation: generation))
        let clock = Task { [inbox] in
            while (try? await Task.sleep(for: Limits.progressInterval)) != nil {
                inbox.yield(.progressDue)
            }
        }
        for await mail in mails {
            receive(mail)
            if isOver { break }
            scheduleTick()
        }
        clock.cancel()
        tickTask?.cancel()
        drainTask?.cancel()
        reconnect?.cancel()
        await finish()
    }

    /// Takes no new work; what still runs after `timeout` is handed back.
    package nonisolated func drain(timeout: Duration) { inbox.yield(.drain(timeout)) }

    /// Hands back what runs, now.
    package nonisolated func drainNow() { inbox.yield(.drain(.zero)) }

    private func finish() async {
        generation += 1
        // Nothing runs any more, or was told to end: no child may outlive the agent.
        for runner in runners.values { runner.stop(.draining) }
        // Without its farewell the scheduler takes the worker for dead.
        await connection?.leave()
        connection = nil
        for task in tasks.values { await task.value }
        await withCheckedContinuation { continuation in disk.async { continuation.resume() } }
        parts.logger.info("[Worker] \(parts.registration.name) has ended")
    }

    private func receive(_ mail: AgentMail) {
        switch mail {
        case .connect(let generation): if generation == self.generation { connect() }
        case .opened(let generation, let connection):
            if generation == self.generation { opened(connection) } else { connection.close() }
        case .notOpened(let generation, let error):
            if generation == self.generation { lost(.notReached, error) }
        case .received(let generation, let event):
            if generation == self.generation { received(event) }
        case .registered(let generation, let result, let sentAt):
            if generation == self.generation { registered(result, sentAt: sentAt) }
        case .heartbeatAnswered(let generation, let result, let sentAt):
            if generation == self.generation { heartbeatAnswered(result, sentAt: sentAt) }
        case .reported(let generation, let result, let sentAt):
            if generation == self.generation { reported(result, sentAt: sentAt) }
        case .run(let key, let news): heard(news, of: key)
        case .spooled(let key): handle(.spooled(key))
        case .tick:
            tickAt = .distantFuture
            handle(.tick)
        case .progressDue: tellProgress()
        case .drain(let timeout): drain(timeout)
        case .drainDeadline: handle(.drainDeadline)
        case .end: isOver = true
        }
    }

    /// Gives the machine an event and does what it says.
    func handle(_ event: AgentMachine.Event) {
        for action in machine.handle(event, now: SystemClock.now()) { carryOut(action) }
    }

    private func drain(_ timeout: Duration) {
        if !isDraining {
            isDraining = true
            parts.logger.info("[Worker] Drains: takes no new work, ends within \(timeout.words)")
            handle(.drain)
        }
        drainTask?.cancel()
        drainTask = Task { [inbox] in
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            inbox.yield(.drainDeadline)
            guard (try? await Task.sleep(for: Limits.farewellTime)) != nil else { return }
            inbox.yield(.end)
        }
    }

    // MARK: - Runs

    func start(_ assignment: Assignment) {
        let runner = AttemptRunner(assignment, settings: parts.attempts, logger: parts.logger)
        let key = runner.key
        runners[key] = runner
        parts.logger.info(
            "[Worker] Job \(assignment.number) begins: attempt \(assignment.attempt)",
            metadata: ["engine": "\(assignment.engine)"]
        )
        tasks[key] = Task { [inbox] in
            await runner.run { inbox.yield(.run(key, $0)) }
        }
    }

    private func heard(_ news: AttemptRunner.News, of key: AttemptKey) {
        switch news {
        case .said(let content, let encodeTime, let logTail):
            log(content, of: key)
            handle(.attempt(key, content, encodeTime: encodeTime, logTail: logTail))
        case .closed:
            runners[key] = nil
            tasks[key] = nil
            handle(.closed(key))
        }
    }

    private func log(_ content: ReportItem.Content, of key: AttemptKey) {
        let name = machine.holdings[key].map { "Job \($0.number)" } ?? "A forgotten job"
        switch content {
        case .started(let start):
            let pid = start.pid.map { ", process \($0)" } ?? ""
            parts.logger.info("[Worker] \(name) encodes\(pid)")
        case .ready(let film):
            parts.logger.info("[Worker] \(name) is encoded and verified: \(film.size) bytes")
        case .finished(_, let finish):
            let how = finish.adopted.map { "the film of attempt \($0) stands" } ?? "published"
            parts.logger.info("[Worker] \(name) is done: \(how)")
        case .failed(let failure):
            parts.logger.warning(
                "[Worker] \(name) failed, \(failure.failure.name): \(failure.error)"
            )
        case .released(let reason, _):
            parts.logger.info("[Worker] \(name) is handed back: \(reason.words)")
        }
    }

    private func tellProgress() {
        guard let connection, machine.isRegistered else { return }
        let notes = machine.order.compactMap { key in
            machine.holdings[key].flatMap { holding in
                holding.isActive
                    ? runners[key]?.progress(holding.number, holding.attempt) : nil
            }
        }
        if !notes.isEmpty { connection.progress(notes) }
    }

    // MARK: - The clock

    private func scheduleTick() {
        let now = SystemClock.boot()
        let next = machine.nextTick(now: now)
        guard next != tickAt else { return }
        tickAt = next
        tickTask?.cancel()
        guard next != .distantFuture else { return }
        tickTask = Task { [inbox] in
            let left = max(next.since(now), .zero)
            guard (try? await Task.sleep(for: left)) != nil else { return }
            inbox.yield(.tick)
        }
    }
}
