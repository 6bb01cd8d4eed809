// SPDX-License-Identifier: Apache-2.0
// Reelwork: texts of peers that would forge lines of the log or metrics

import FFmpegEngine
import Foundation
import Glibc
import Logging
import ReelworkCore
import ReelworkDaemon
import ReelworkEngineKit
import ReelworkRPC
import ReelworkStore
import ReelworkTelemetry
import ReelworkWire
import Testing

/// Goal: no text of a peer ends or forges a line of the log, adds a series to the metrics, or gets
/// a secret into either.
///
/// Security checklist 15.
///
/// Method: a real daemon that logs to a file at every level; workers and submitters whose names,
/// labels, reasons and agents hold line feeds, escapes and quotes.
@Suite(.timeLimit(.minutes(1)))
struct HostileTextTests {
    /// What would begin a line of its own, turn the terminal's colour, or end a label's value.
    private static let hostile = [
        "a\n2026-01-01T00:00:00.000Z ERROR [Auth] forged", "a\r\nforged", "a\u{1B}[2J\u{1B}[31mred",
        "a\"} 1\nreelwork_jobs{state=\"x", "a\\\"\\", "a\u{85}b\u{2028}c\u{2029}d\u{7F}",
        "a\u{9B}31m", "%s%n$(id)`id`;'", "a\tb\u{8}\u{8}\u{8}",
    ]

    private static let secret = "hunter2-\(UUID().uuidString)"

    /// Runs a test with a daemon that logs to a file, and gives the lines.
    private func lines(
        _ body: (DaemonHarness) async throws -> Void
    ) async throws -> [String] {
        let folder = DaemonHarness.temporaryFolder()
        defer { DaemonHarness.remove(folder) }
        let store = try SQLiteJobStore(folder: folder)
        let path = folder + "/log"
        let descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let queue = try #require(LogQueue(descriptor: descriptor, linesMax: 100_000))
        var engines = EngineRegistry()
        try engines.register(FFmpegEngine())
        let daemon = Daemon(
            configuration: DaemonConfiguration(
                listen: [.unix(path: folder + "/reelwork.sock")],
                admin: .unix(path: folder + "/admin.sock"),
                version: "test"
            ),
            store: store,
            engines: engines,
            logger: Logger(
                label: "test",
                factory: { _ in QueuedLogHandler(queue: queue, level: .trace) }
            ),
            exit: { error in Issue.record("the store failed: \(error)") }
        )
        _ = try await daemon.start()
        let harness = DaemonHarness(folder: folder, daemon: daemon)
        do {
            try await body(harness)
        } catch {
            await harness.stop()
            queue.close(within: .seconds(30))
            throw error
        }
        await harness.stop()
        queue.close(within: .seconds(30))
        #expect(queue.dropped == 0)
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init
        )
    }

    private func samples(_ harness: DaemonHarness) async throws -> [Metrics.Sample] {
        let admin = try await harness.connect(.admin)
        let answer = try await admin.call(Metrics.self, Metrics.Request(prefix: ""))
        await admin.close()
        return answer.samples
    }

    private func registration(_ text: String) -> WorkerRegistration {
        WorkerRegistration(
            name: String(text.prefix(60)),
            incarnation: 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
            labels: [Label(name: "zone", value: text)],
            engines: [
                EngineReport(
                    name: "ffmpeg",
                    version: text,
                    encoders: ["libx264", "aac"],
                    problem: text
                )
            ],
            host: text,
            version: text
        )
    }

    /// A worker and a submitter who say this text wherever one may be said.
    private func say(_ text: String, _ harness: DaemonHarness) async throws {
        let path = RPCEndpoint.unix(path: harness.folder + "/reelwork.sock")
        let worker = try await RPCConnection.connect(to: path, role: .worker, agent: text)
        _ = try await worker.call(Register.self, .init(worker: registration(text), held: []))
        let submitter = try await RPCConnection.connect(to: path, role: .submitter, agent: text)
        var spec = JobSpec(engine: "ffmpeg", input: "/in/\(text)", output: "/out/\(text).mp4")
        spec.secrets = [Parameter(key: "password", value: Self.secret)]
        spec.require = [Label(name: "zone", value: "nowhere")]
        let key = "key-\(text)"
        let results = try await submitter.submit([SubmitItem(key: key, spec: spec.encoded)])
        if results.first?.code == .known(.ok) {
            let cancel = CancelJob.Request(refs: [.key(key)], reason: text)
            _ = try await submitter.call(CancelJob.self, cancel)
        }
        // A refusal that says the text again, and a connection that ends with it.
        _ = try? await submitter.call(GetJob.self, .init(ref: .key(text), detail: .short))
        await submitter.close()
        await worker.close()
    }

    @Test func noTextOfAPeerForgesALineOrASeries() async throws {
        var before: [Metrics.Sample] = []
        var after: [Metrics.Sample] = []
        let lines = try await lines { harness in
            before = try await samples(harness)
            for text in Self.hostile { try await say(text, harness) }
            after = try await samples(harness)
        }
        // Something was said of them, or this would show nothing.
        #expect(lines.filter { $0.contains("registered") }.count == Self.hostile.count)
        for line in lines {
            #expect(line.contains(#/^\d{4}-\d\d-\d\dT[0-9:.]+Z [A-Z]+ /#), "\(line)")
            let isClean = line.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
                    && scalar.value != 0x2028 && scalar.value != 0x2029
            }
            #expect(isClean, "\(line)")
            #expect(!line.hasPrefix("2026-01-01T00:00:00.000Z ERROR [Auth] forged"), "\(line)")
            #expect(!line.contains(Self.secret), "\(line)")
        }
        // Labels are of closed sets: peers add no series, and no text of theirs is in one.
        let names = Set(after.flatMap(\.labels).map(\.name))
        #expect(names.isSubset(of: ["state", "loop", "le", "method", "queue"]))
        #expect(after.count - before.count <= ReelworkCore.Method.allCases.count * 3)
        for sample in after {
            for label in sample.labels {
                #expect(Self.hostile.allSatisfy { !label.value.contains($0) }, "\(sample)")
                #expect(
                    label.value.allSatisfy { $0.isLetter || $0.isNumber || "_+.-".contains($0) }
                )
            }
        }
    }
}
