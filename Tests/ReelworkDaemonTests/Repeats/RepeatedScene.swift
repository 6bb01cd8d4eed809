// SPDX-License-Identifier: Apache-2.0
// Reelwork: what operations are asked for more than once on

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// One job that a worker has, two that wait and one that was canceled.
struct RepeatedScene: Sendable {
    /// The policy in which no wait ends while a test runs.
    static let policy = SchedulerPolicy(
        retry: RetryPolicy(backoffFirst: .seconds(200), jitter: .none)
    )

    var assignment: Assignment
    var waiting: [JobNumber]
    var canceled: JobNumber

    /// The worker has one slot and credit for one job in its life.
    static func make(
        _ harness: DaemonHarness,
        for operation: RepeatedOperation
    ) async throws -> (scene: RepeatedScene, worker: RPCConnection) {
        let admin = try await harness.connect(.admin)
        let (worker, assignment) = try await harness.assigned("a", to: "w1")
        switch operation {
        case .assign, .start: break
        default: _ = try await worker.report(assignment, .started(ReportItem.Start()))
        }
        if operation == .finish { _ = try await worker.report(assignment, .ready(film)) }
        if operation == .resumeWorker {
            let request = WorkerSet.Request(name: "w1", action: .drain, reason: "test")
            _ = try await admin.call(WorkerSet.self, request)
        }
        let others = try await admin.submit(["b", "c", "e"].map { DaemonHarness.item($0) })
            .map(\.number)
        _ = try await admin.call(
            CancelJob.self,
            CancelJob.Request(refs: [.number(others[2])], reason: "")
        )
        let scene = RepeatedScene(
            assignment: assignment,
            waiting: Array(others.prefix(2)),
            canceled: others[2]
        )
        return (scene, worker)
    }

    static let film = ReportItem.Film(
        output: "/out/a.mp4",
        size: 10,
        mediaDuration: .seconds(5),
        checksum: 7
    )

    /// A new connection of whoever asks; a worker registers with what it has.
    func connection(
        _ harness: DaemonHarness,
        for operation: RepeatedOperation
    ) async throws -> RPCConnection {
        guard operation.isOfWorker else { return try await harness.connect(.admin) }
        let connection = try await harness.connect(.worker)
        _ = try await register(connection, slots: 1, isHolding: operation.keepsTheJob)
        return connection
    }

    private func register(
        _ connection: RPCConnection,
        slots: UInt64,
        isHolding: Bool = true
    ) async throws -> [Verdict.Kind?] {
        let worker = WorkerRegistration(
            name: "w1",
            incarnation: 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: slots)],
            engines: [EngineReport(name: "ffmpeg", version: "test", encoders: ["libx264", "aac"])]
        )
        let held = HeldAttempt(
            id: assignment.id,
            attempt: assignment.attempt,
            phase: .known(.running)
        )
        let request = Register.Request(worker: worker, held: isHolding ? [held] : [])
        return try await connection.call(Register.self, request).verdicts.map(\.kind.value)
    }

    /// Asks once; gives what was answered, in words that are the same each time.
    func perform(
        _ operation: RepeatedOperation,
        on connection: RPCConnection
    ) async throws -> String {
        switch operation {
        case .submit:
            let result = try #require(try await connection.submit([DaemonHarness.item("n")]).first)
            return Self.words(result.code, result.number)
        case .assign:
            // Within a session nothing is judged anew; in a new one it is kept.
            let verdicts = try await register(connection, slots: 1)
            return verdicts == [] || verdicts == [.keep] ? "ok" : "\(verdicts)"
        case .start: return try await report(.started(ReportItem.Start()), connection)
        case .finish: return try await report(.finished(Self.film, .init()), connection)
        case .fail:
            return try await report(.failed(.init(.runtimeError, error: "broken")), connection)
        case .release: return try await report(.released(.draining, error: nil), connection)
        case .heartbeat:
            var digest = OpenSetDigest()
            digest.toggle(assignment.number, assignment.attempt)
            let request = Heartbeat.Request(assignedSeen: 1, open: 1, digest: digest.value)
            _ = try await connection.call(Heartbeat.self, request)
            return "ok"
        case .register:
            _ = try await register(connection, slots: 5)
            return "ok"
        case .cancel, .requeue, .failByForce, .retry, .bump:
            return try await change(operation, connection)
        case .pauseQueue, .drainWorker, .resumeWorker, .stopLoop:
            return try await set(operation, connection)
        }
    }

    private func report(
        _ content: ReportItem.Content,
        _ connection: RPCConnection
    ) async throws -> String {
        Self.words(try await connection.report(assignment, content).code)
    }

    private func change(
        _ operation: RepeatedOperation,
        _ connection: RPCConnection
    ) async throws -> String {
        switch operation {
        case .cancel:
            let request = CancelJob.Request(refs: [.number(waiting[0])], reason: "test")
            let results = try await connection.call(CancelJob.self, request).results
            return Self.words(results.first?.code, results.first?.number)
        case .requeue, .failByForce:
            let isRequeue = operation == .requeue
            let request = Recover.Request(
                target: .jobs,
                refs: [.number(isRequeue ? assignment.number : waiting[0])],
                worker: "",
                action: isRequeue ? .requeue : .fail,
                reason: "test"
            )
            let item = try await connection.call(Recover.self, request).items.first
            return Self.words(item?.code, item?.number) + " \(item?.to?.value?.name ?? "")"
        case .retry:
            let item = RetryJob.Item(ref: .number(canceled), key: "again")
            let request = RetryJob.Request(jobs: [item], reason: "test")
            let result = try await connection.call(RetryJob.self, request).results.first
            return Self.words(result?.code, result?.number)
        default:
            let request = JobBump.Request(refs: [.number(waiting[1])], reason: "test")
            let result = try await connection.call(JobBump.self, request).results.first
            return Self.words(result?.code, result?.number)
        }
    }

    private func set(
        _ operation: RepeatedOperation,
        _ connection: RPCConnection
    ) async throws -> String {
        switch operation {
        case .pauseQueue:
            let request = QueueSet.Request(queue: .standard, action: .pause, reason: "test")
            return Self.words(try await connection.call(QueueSet.self, request).results.first?.code)
        case .stopLoop:
            let request = LoopSet.Request(name: "cleanup", action: .stop, reason: "test")
            return Self.words(try await connection.call(LoopSet.self, request).results.first?.code)
        default:
            let action: WorkerSet.Action = operation == .drainWorker ? .drain : .resume
            let request = WorkerSet.Request(name: "w1", action: action, reason: "test")
            let answer = try await connection.call(WorkerSet.self, request)
            return Self.words(answer.results.first?.code) + " \(answer.open) open"
        }
    }

    /// `ok` and `ok_exists` are both yes; which job it is about must not change.
    private static func words(_ code: OpenEnum<ResultCode>?, _ number: JobNumber? = nil) -> String {
        let number = number.map { " \($0)" } ?? ""
        return code == .known(.ok) || code == .known(.okExists)
            ? "ok\(number)" : "\(String(describing: code))\(number)"
    }

    /// Every job with its history, and what is known of the worker, the loops and the queues.
    func standing(_ harness: DaemonHarness) async throws -> [String] {
        let reader = try await harness.connect(.submitter)
        let list = try await reader.call(
            ListJobs.self,
            ListJobs.Request(
                states: [],
                queue: nil,
                worker: "",
                limit: 100,
                cursor: nil,
                detail: .short,
                isOldestFirst: true
            )
        )
        var lines: [String] = []
        for job in list.jobs {
            let history = try await reader.call(
                History.self,
                History.Request(ref: .number(job.number), afterSequence: 0, limit: 0)
            )
            let moves = history.moves.map { "\($0.to.rawValue)/\($0.attempt)" }
            lines.append("\(job.number) retries \(job.retryCount): \(moves.joined(separator: " "))")
        }
        let workers = try await reader.call(
            WorkersList.self,
            WorkersList.Request(name: "", detail: .short, cursor: nil)
        ).workers
        lines += workers.map { "\($0.name) \($0.capacity) drains \($0.isDraining)" }
        let admin = try await harness.connect(.admin)
        let loops = try await admin.call(Loops.self, EmptyRequest()).loops
        lines += loops.map { "\($0.name) runs \($0.isRunning)" }
        let paused = try await admin.call(
            Metrics.self,
            Metrics.Request(prefix: "reelwork_queue_paused")
        )
        lines += paused.samples.map { "\($0.labels[0].value) paused \($0.value)" }
        return lines
    }
}
