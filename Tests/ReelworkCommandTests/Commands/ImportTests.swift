// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork import, as people use it

import Foundation
import GRDBSQLite
import Glibc
import ReelworkCore
import ReelworkStore
import Testing

// Goal: an imported folder is sound and served, a dry run changes nothing, and what cannot be
// imported ends with its exit code and what to do. Method: the built program on files made by SQL.
@Suite(.timeLimit(.minutes(2))) struct ImportTests {
    /// A folder with a predecessor's database in it; it goes with this value.
    private final class Bench {
        let folder = NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
        var old: String { folder + "/old.db" }
        var data: String { folder + "/data" }

        init() throws {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: false
            )
            try run(
                """
                CREATE TABLE nodes (id TEXT PRIMARY KEY, name TEXT, address TEXT, status TEXT);
                CREATE TABLE jobs (id TEXT PRIMARY KEY, sequence_number INTEGER, engine TEXT,
                    parameters TEXT, status TEXT, node_id TEXT, created_at DATETIME,
                    state_transitions TEXT);
                INSERT INTO nodes VALUES ('n', 'encoder-1', 'http://a', 'available');
                INSERT INTO jobs VALUES ('waits', 1, 'ffmpeg',
                    '{"input": "/in/a.mov", "output": "/out/a.mp4", "crf": 22}', 'pending', '',
                    '2026-01-05 09:00:00+00:00', 'null');
                INSERT INTO jobs VALUES ('held', 2, 'auto',
                    '{"input": "/in/b.mov", "output": "/out/b.mp4"}', 'processing', 'gone',
                    '2026-01-05 09:00:00+00:00', NULL);
                INSERT INTO jobs VALUES ('wrong', 9, 'auto',
                    '{"input": "/in/c.mov", "output": "/out/c.mp4", "sharpness": 11}', 'pending',
                    NULL, '2026-01-05 09:00:00+00:00', '[]');
                """
            )
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func run(_ sql: String, on path: String? = nil) throws {
            var handle: OpaquePointer?
            defer { sqlite3_close(handle) }
            try #require(sqlite3_open(path ?? old, &handle) == SQLITE_OK)
            try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
        }
    }

    private struct Run {
        var status: Int32
        var output: String
        var errors: String

        var json: [[String: Any]] {
            output.split(separator: "\n").compactMap {
                (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
            }
        }
    }

    private static func process(_ arguments: [String]) throws -> (Process, Pipe, Pipe) {
        let place = try #require(
            Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
                .deletingLastPathComponent()
                ?? Bundle.main.executableURL?.deletingLastPathComponent()
        )
        let process = Process()
        process.executableURL = place.appendingPathComponent("reelwork")
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return (process, output, errors)
    }

    private static func run(_ arguments: [String]) throws -> Run {
        let (process, output, errors) = try process(arguments)
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus,
            output: String(decoding: said, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self)
        )
    }

    @Test func whatWasImportedIsSoundAndServed() throws {
        let bench = try Bench()
        let dry = try Self.run(["import", bench.old, "--data", bench.data, "--dry-run"])
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(!FileManager.default.fileExists(atPath: bench.data))
        let real = try Self.run(["import", bench.old, "--data", bench.data])
        #expect(real.status == 0, "\(real.errors)")
        let report = real.output.split(separator: "\n").filter { $0.hasPrefix("#") }
        #expect(dry.output.split(separator: "\n").filter { $0.hasPrefix("#") } == report)
        #expect(report.contains { $0.contains("requeued") && $0.contains("held by a node") })
        #expect(report.contains { $0.contains("#9 is #3 now") })
        #expect(report.contains { $0.contains("rejected") && $0.contains("sharpness") })
        #expect(dry.output.contains("dry run: nothing was changed"))

        let (serve, output, errors) = try Self.process([
            "serve", "--data", bench.data, "--log-level", "error",
        ])
        defer {
            kill(serve.processIdentifier, SIGTERM)
            serve.waitUntilExit()
            withExtendedLifetime(errors) {}
        }
        let ready = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(ready.contains(" jobs=2 workers=0 "), "\(ready)")
        let check = try Self.run([
            "admin", "check", "--deep", "--socket", bench.data + "/admin.sock",
        ])
        #expect(check.status == 0, "\(check.output)")
        let jobs = try Self.run([
            "jobs", "--json", "--connect", "unix:\(bench.data)/reelwork.sock",
        ])
        #expect(
            jobs.json.compactMap { $0["state"] as? String } == ["rejected", "queued", "queued"]
        )
        // The folder is the scheduler's now: neither an import nor a dry run goes beside it.
        for more in [[], ["--dry-run"]] {
            let refused = try Self.run(["import", bench.old, "--data", bench.data] + more)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("process \(serve.processIdentifier)"))
            #expect(refused.errors.contains("stop it first"))
        }
    }

    @Test func asJSONEachLineIsAnObjectAndTheSummaryIsTheLast() throws {
        let bench = try Bench()
        let first = try Self.run(["import", bench.old, "--data", bench.data, "--json"])
        #expect(first.status == 0, "\(first.errors)")
        let lines = first.json
        #expect(lines.count == first.output.split(separator: "\n").count)
        let held = try #require(lines.first { $0["change"] as? String == "requeued" })
        #expect(held["id"] as? String == "held" && held["old_number"] as? Int == 2)
        #expect(held["number"] as? Int == 2 && held["row"] as? String == "job")
        let summary = try #require(lines.last)
        #expect(summary["row"] as? String == "summary" && summary["imported"] as? Int == 3)
        let second = try Self.run(["import", bench.old, "--data", bench.data, "--json"])
        #expect(second.json.last?["already_there"] as? Int == 3)
        #expect(second.json.last?["imported"] as? Int == 0)
        let text = try Self.run(["import", bench.old, "--data", bench.data])
        #expect(text.output.contains("nothing was imported twice"))
    }

    @Test func whatCannotBeImportedSaysWhatToDoAndMakesNothing() throws {
        let bench = try Bench()
        let film = bench.folder + "/film.mp4"
        try Data("film".utf8).write(to: URL(fileURLWithPath: film))
        for (arguments, status, words) in [
            ([bench.folder + "/none.db", "--data", bench.data], Int32(2), "name the database"),
            ([film, "--data", bench.data], 1, "no SQLite database"),
            ([bench.folder, "--data", bench.data], 1, "is no file"),
            ([bench.old, "--data", film], 70, "is no folder"),
            ([bench.old], 2, "--data"),
            ([bench.old, "--data", ""], 2, "--data is empty"),
        ] {
            let run = try Self.run(["import"] + arguments)
            #expect(run.status == status, "\(run.errors)")
            #expect(run.errors.contains(words), "\(run.errors)")
            #expect(run.output.isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: bench.data))
        #expect(try Self.run(["import", bench.old, "--data", bench.data]).status == 0)
        let ours = try Self.run([
            "import", bench.data + "/reelwork.db", "--data", bench.folder + "/other",
        ])
        #expect(ours.status == 1 && ours.errors.contains("a database of Reelwork already"))
    }

    // A folder of a newer program is left as it is, by the scheduler too.
    @Test func aNewerFolderIsRefusedWithWhatToDo() throws {
        let bench = try Bench()
        let database = bench.data + "/reelwork.db"
        #expect(try Self.run(["import", bench.old, "--data", bench.data]).status == 0)
        try bench.run("PRAGMA user_version = 99", on: database)
        let before = try Data(contentsOf: URL(fileURLWithPath: database))
        for arguments in [
            ["serve", "--data", bench.data], ["import", bench.old, "--data", bench.data],
            ["import", bench.old, "--data", bench.data, "--dry-run"],
        ] {
            let run = try Self.run(arguments)
            #expect(run.status == 70, "\(run.errors)")
            #expect(run.errors.contains("schema version 99"), "\(run.errors)")
            #expect(run.errors.contains("use a newer reelwork"), "\(run.errors)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: database)) == before)
    }

    // Ten in a hundred wait, the others have a history; all of it goes through real batches.
    @Test func aHundredThousandRowsComeOver() throws {
        let bench = try Bench()
        try bench.run(
            """
            DELETE FROM jobs;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO jobs
            SELECT 'job-' || i, i, 'ffmpeg',
                '{"input": "/in/' || i || '.mov", "output": "/out/' || i || '.mp4"}',
                iif(i % 10 = 0, 'pending', 'completed'), '', '2026-01-05 09:00:00+00:00',
                iif(i % 10 = 0, 'null', '[{"from": "queued", "to": "assigned"},
                    {"from": "assigned", "to": "running"}, {"from": "running", "to": "completed"}]')
            FROM n
            """
        )
        let run = try Self.run(["import", bench.old, "--data", bench.data, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.json.count == 2)
        let summary = try #require(run.json.last)
        #expect(summary["imported"] as? Int == 100_000 && summary["changed"] as? Int == 0)
        #expect(summary["waiting"] as? Int == 10_000 && summary["bridged_moves"] as? Int == 0)
        let store = try SQLiteJobStore(folder: bench.data)
        defer { store.close() }
        #expect(try store.counts() == [.completed: 90_000, .queued: 10_000])
        for finding in try store.check(isDeep: true) { #expect(finding.isSound, "\(finding)") }
    }
}
