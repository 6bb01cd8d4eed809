// SPDX-License-Identifier: Apache-2.0
// Reelwork: a real scheduler in a temporary folder

import FFmpegEngine
import Foundation
import GStreamerEngine
import Logging
import ReelworkCore
import ReelworkDaemon
import ReelworkEngineKit
import ReelworkRPC
import ReelworkStore
import ReelworkWire
import Testing

/// A real scheduler in this process: SQLite in a temporary folder, Unix sockets, no mocks.
struct DaemonHarness {
    let folder: String
    let daemon: Daemon

    /// Runs a test with a scheduler in a folder of its own, then stops it and removes the folder.
    static func open(
        _ body: (DaemonHarness) async throws -> Void
    ) async throws {
        let folder = temporaryFolder()
        defer { remove(folder) }
        let harness = try await start(in: folder)
        do {
            try await body(harness)
        } catch {
            await harness.stop()
            throw error
        }
        await harness.stop()
    }

    /// The same, with a scheduler that is started twice on the folder: `second` after `first`.
    static func open<Kept>(
        first: (DaemonHarness) async throws -> Kept,
        second: (DaemonHarness, Kept) async throws -> Void
    ) async throws {
        try await open { harness in
            let kept = try await first(harness)
            await harness.stop()
            let again = try await start(in: harness.folder)
            do {
                try await second(again, kept)
            } catch {
                await again.stop()
                throw error
            }
            await again.stop()
        }
    }

    static func remove(_ folder: String) {
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func temporaryFolder() -> String {
        NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
    }

    /// Starts a scheduler on a folder; `wrap` may put something between it and its store.
    static func start(
        in folder: String = temporaryFolder(),
        policy: SchedulerPolicy = SchedulerPolicy(),
        loops: LoopIntervals = LoopIntervals(),
        stored: StoreBatch = StoreBatch(),
        store other: (any JobStore)? = nil,
        engines more: [any EngineAdapter] = [],
        wrap: (SQLiteJobStore) -> any JobStore = { $0 },
        exit: @escaping @Sendable (StoreError) -> Void = DaemonHarness.unexpected
    ) async throws -> DaemonHarness {
        let store: any JobStore
        if let other {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            store = other
        } else {
            store = wrap(try SQLiteJobStore(folder: folder))
        }
        if !stored.isEmpty { try store.apply(stored) }
        let daemon = try daemon(
            on: store,
            in: folder,
            policy: policy,
            loops: loops,
            engines: more,
            exit: exit
        )
        _ = try await daemon.start()
        return DaemonHarness(folder: folder, daemon: daemon)
    }

    /// A scheduler that was not started.
    static func daemon(
        on store: any JobStore,
        in folder: String,
        admin: String? = nil,
        policy: SchedulerPolicy = SchedulerPolicy(),
        loops: LoopIntervals = LoopIntervals(),
        engines more: [any EngineAdapter] = [],
        exit: @escaping @Sendable (StoreError) -> Void = DaemonHarness.unexpected
    ) throws -> Daemon {
        var engines = EngineRegistry()
        try engines.register(FFmpegEngine())
        try engines.register(GStreamerEngine())
        for engine in more { try engines.register(engine) }
        return Daemon(
            configuration: DaemonConfiguration(
                listen: [.unix(path: folder + "/reelwork.sock")],
                admin: .unix(path: admin ?? folder + "/admin.sock"),
                policy: policy,
                loops: loops,
                version: "test"
            ),
            store: store,
            engines: engines,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            logLinesDropped: { 7 },
            exit: exit
        )
    }

    /// No store fails unless the test says so.
    static let unexpected: @Sendable (StoreError) -> Void = { error in
        Issue.record("the store failed: \(error)")
    }

    /// What a worker with FFmpeg has proved.
    static let ffmpeg = EngineReport(
        name: "ffmpeg",
        version: "test",
        encoders: ["libx264", "aac"]
    )

    func stop() async {
        await daemon.stop()
    }

    func remove() { DaemonHarness.remove(folder) }

    func connect(
        _ role: PeerRole,
        frameBytesMax: Int = Limits.frameBytesMax
    ) async throws -> RPCConnection {
        var configuration = SessionConfiguration()
        configuration.frameBytesMax = frameBytesMax
        return try await RPCConnection.connect(
            to: .unix(path: folder + (role == .admin ? "/admin.sock" : "/reelwork.sock")),
            role: role,
            agent: "test",
            configuration: configuration
        )
    }

    /// A worker that does what the test says.
    func worker(
        _ name: String,
        slots: UInt64 = 1,
        incarnation: UInt64 = 1,
        capacity more: [ResourceAmount] = [],
        engines: [EngineReport] = [DaemonHarness.ffmpeg],
        held: [HeldAttempt] = []
    ) async throws -> (connection: RPCConnection, answer: Register.Response) {
        let connection = try await connect(.worker)
        let slot = ResourceAmount(name: ResourceAmount.slotName, amount: slots)
        let answer = try await connection.call(
            Register.self,
            Register.Request(
                worker: WorkerRegistration(
                    name: name,
                    incarnation: incarnation,
                    capacity: [slot] + more,
                    engines: engines
                ),
                held: held
            )
        )
        connection.send(
            Credit.self,
            Credit.Event(assignLimit: slots > UInt64(held.count) ? slots - UInt64(held.count) : 0)
        )
        return (connection, answer)
    }

    /// A worker that was given a job of its own.
    func assigned(
        _ name: String,
        to workerName: String
    ) async throws -> (worker: RPCConnection, assignment: Assignment) {
        let submitter = try await connect(.submitter)
        let (worker, _) = try await worker(workerName)
        _ = try await submitter.submit([DaemonHarness.item(name)])
        return (worker, try await worker.assignment())
    }

    /// A worker that has begun a job of its own.
    func running(
        _ name: String,
        on workerName: String
    ) async throws -> (worker: RPCConnection, assignment: Assignment) {
        let (worker, assignment) = try await assigned(name, to: workerName)
        _ = try await worker.report(assignment, .started(ReportItem.Start()))
        return (worker, assignment)
    }

    static func item(_ name: String, key: String? = nil) -> SubmitItem {
        SubmitItem(
            key: key ?? "key-\(name)",
            spec: JobSpec(engine: "ffmpeg", input: "/in/\(name).mov", output: "/out/\(name).mp4")
                .encoded
        )
    }
}

extension RPCConnection {
    /// Submits and gives the results.
    func submit(_ items: [SubmitItem]) async throws -> [SubmitResult] {
        try await call(SubmitBatch.self, SubmitBatch.Request(isAtomic: false, items: items)).results
    }

    /// Waits for the next assignment.
    func assignment() async throws -> Assignment {
        for await push in pushes {
            switch push {
            case .assign(let event):
                return try #require(event.assignments.first)
            case .closed(let error): throw error ?? RPCError(.closed, "closed")
            case .revoke, .inventory, .logRead, .canceled, .farewell: continue
            }
        }
        throw RPCError(.closed, "no more pushes")
    }

    /// Reports one thing of one attempt.
    func report(
        _ assignment: Assignment,
        _ content: ReportItem.Content,
        limit: UInt64 = 0
    ) async throws -> ItemResult {
        let answer = try await call(
            Report.self,
            Report.Request(
                assignLimit: limit,
                items: [
                    ReportItem(
                        number: assignment.number,
                        attempt: assignment.attempt,
                        at: Timestamp(milliseconds: 1),
                        content: content
                    )
                ]
            )
        )
        return try #require(answer.results.first)
    }

    func job(_ number: JobNumber) async throws -> JobView {
        try await call(
            GetJob.self,
            GetJob.Request(ref: .number(number), detail: .withParameters)
        ).job
    }
}
