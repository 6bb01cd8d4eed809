// SPDX-License-Identifier: Apache-2.0
// Reelwork: a real scheduler in this process

import FFmpegEngine
import Foundation
import Logging
import ReelworkClient
import ReelworkCore
import ReelworkDaemon
import ReelworkEngineKit
import ReelworkRPC
import ReelworkStore
import Testing

/// A real scheduler in this process: SQLite in a temporary folder, a Unix socket.
struct RealScheduler {
    /// Short, so that paths of sockets fit.
    let folder: String

    var socket: String { folder + "/reelwork.sock" }
    var endpoint: String { "unix:" + socket }

    /// Runs a test with a scheduler in a folder of its own.
    static func run(_ body: (RealScheduler) async throws -> Void) async throws {
        let folder = "/tmp/rwc-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteJobStore(folder: folder)
        var engines = EngineRegistry()
        try engines.register(FFmpegEngine())
        let daemon = Daemon(
            configuration: DaemonConfiguration(
                listen: [.unix(path: folder + "/reelwork.sock")],
                admin: .unix(path: folder + "/admin.sock"),
                policy: SchedulerPolicy(),
                version: "test"
            ),
            store: store,
            engines: engines,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            logLinesDropped: { 0 },
            exit: { error in Issue.record("the store failed: \(error)") }
        )
        _ = try await daemon.start()
        do {
            try await body(RealScheduler(folder: folder))
        } catch {
            await daemon.stop()
            throw error
        }
        await daemon.stop()
    }

    /// A client of an endpoint, after as many tries as it takes.
    func client(
        _ endpoint: String? = nil,
        patience: Duration = .seconds(50)
    ) async throws -> ReelworkClient {
        let configuration = ReelworkConfiguration(
            endpoints: [endpoint ?? self.endpoint],
            agent: "test",
            patience: patience
        )
        for _ in 0..<1_000 {
            if let client = try? await ReelworkClient.connect(configuration) { return client }
        }
        return try await ReelworkClient.connect(configuration)
    }

    static func job(_ name: String, key: String? = nil) -> Submission {
        let spec = JobSpec(engine: "ffmpeg", input: "/in/\(name).mov", output: "/out/\(name).mp4")
        return Submission(spec, key: key)
    }

    /// How many jobs there are.
    func count() async throws -> Int {
        let client = try await client()
        var count = 0
        for try await _ in client.allJobs(JobQuery(limit: 300)) { count += 1 }
        await client.close()
        return count
    }
}
