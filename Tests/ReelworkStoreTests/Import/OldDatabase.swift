// SPDX-License-Identifier: Apache-2.0
// Reelwork: a database of the predecessor for a test

import Foundation
import ReelworkCore
import ReelworkStore
import StoreTestKit

/// A database of the predecessor for a test, in a folder that goes with this value.
final class OldDatabase {
    let folder = NSTemporaryDirectory() + "reelwork-old-\(UUID().uuidString)"
    var path: String { folder + "/old.db" }

    static let nodes = """
        CREATE TABLE nodes (id TEXT PRIMARY KEY, name TEXT, address TEXT, type TEXT,
            cpu_threads INTEGER, cpu_model TEXT, cpu_load_percent REAL, has_gpu BOOLEAN,
            gpu_type TEXT, gpu_capabilities TEXT, ram_total_bytes INTEGER, ram_free_bytes INTEGER,
            labels TEXT, status TEXT, last_heartbeat DATETIME, registered_at DATETIME,
            current_job_id TEXT);
        """

    /// The columns of the table `jobs`, in order; older files lack the last few.
    static let columns = [
        "id TEXT PRIMARY KEY", "sequence_number INTEGER", "scenario TEXT", "confidence TEXT",
        "engine TEXT", "parameters TEXT", "status TEXT", "queue TEXT", "priority TEXT",
        "progress INTEGER", "node_id TEXT", "created_at DATETIME", "started_at DATETIME",
        "last_activity_at DATETIME", "completed_at DATETIME", "retry_count INTEGER",
        "max_retries INTEGER", "retry_reason TEXT", "error TEXT", "failure_reason TEXT",
        "logs TEXT", "state_transitions TEXT",
    ]

    /// Makes the file; `lacking` so many of the last columns of `jobs`.
    init(lacking: Int = 0, idColumn: String = "id TEXT PRIMARY KEY") throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let columns = [idColumn] + OldDatabase.columns.dropFirst().dropLast(lacking)
        try run(OldDatabase.nodes + "CREATE TABLE jobs (\(columns.joined(separator: ", ")));")
        try run(
            """
            INSERT INTO nodes (id, name, address, status)
            VALUES ('node-1', 'encoder-1', 'http://localhost:8080', 'available')
            """
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func run(_ sql: String) throws { try RawConnection(path).run(sql) }

    /// Adds a row; values are SQL.
    func insert(_ values: KeyValuePairs<String, String>) throws {
        let names = values.map(\.key).joined(separator: ", ")
        let texts = values.map(\.value).joined(separator: ", ")
        try run("INSERT INTO jobs (\(names)) VALUES (\(texts))")
    }

    /// SQL for the parameters of a job that can run.
    static func parameters(_ name: String) -> String {
        "'{\"input\": \"/in/\(name).mov\", \"output\": \"/out/\(name).mp4\", \"crf\": 22}'"
    }

    /// SQL for a history.
    static func history(_ steps: [(String, String)]) -> String {
        let items = steps.enumerated().map { index, step in
            """
            {"from": "\(step.0)", "to": "\(step.1)", "reason": "because \(index + 1)", \
            "timestamp": "2026-01-05T10:00:0\(index % 10).250Z"}
            """
        }
        return "'[" + items.joined(separator: ", ") + "]'"
    }

    // MARK: - Importing

    /// When every import of a test runs.
    static let now = Timestamp(milliseconds: 1_780_000_000_000)

    /// Specs as lines of text; engines are those of the product, paths are absolute.
    static let rules = ImportRules(
        encode: { spec in
            let parameters = spec.parameters.map { "\($0.key)=\($0.value)" }
            return Array(
                ([spec.engine, spec.input, spec.output] + parameters)
                    .joined(separator: "\n").utf8
            )
        },
        decode: { bytes in
            let lines = String(decoding: bytes, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            guard lines.count >= 3 else { return nil }
            return JobSpec(engine: lines[0], input: lines[1], output: lines[2])
        },
        problem: { spec in
            guard ["auto", "ffmpeg", "gstreamer"].contains(spec.engine) else {
                return "there is no engine \(spec.engine)"
            }
            return spec.input.hasPrefix("/") && spec.output.hasPrefix("/")
                ? nil : "expected an absolute path"
        }
    )

    /// Imports the file and returns the report.
    func imported(
        into target: any ImportTarget
    ) throws(ImportError) -> (lines: [ImportLine], summary: ImportSummary) {
        var lines: [ImportLine] = []
        var importer = Importer(
            file: try PredecessorFile(path),
            target: target,
            rules: OldDatabase.rules,
            now: OldDatabase.now,
            report: { lines.append($0) }
        )
        let summary = try importer.run()
        return (lines, summary)
    }

    /// What shows that a file was written to.
    static func stamp(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
            var status = stat()
            guard lstat(path + "/" + name, &status) == 0 else { return name }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
            return "\(name) \(bytes.hashValue) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec) "
                + "\(status.st_ctim.tv_nsec) \(status.st_mode)"
        }
    }
}
