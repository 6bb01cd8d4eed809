// SPDX-License-Identifier: Apache-2.0
// Reelwork: one row of the predecessor becomes one job

import ReelworkCore
import Testing

@testable import ReelworkStore

// Goal: each oddity of a row is turned into what the law allows, and told.
// Method: rows by hand; the moves, the row and the lines of each.
@Suite struct ImportMappingTests {
    static func source(
        _ status: String?,
        _ change: (inout PredecessorJob) -> Void = { _ in }
    ) -> PredecessorJob {
        var job = PredecessorJob()
        job.id = "a"
        job.sequenceNumber = "1"
        job.status = status
        job.createdAt = "2026-01-05 10:00:00"
        job.parameters = "{\"input\": \"/in/a\", \"output\": \"/out/a\"}"
        change(&job)
        return job
    }

    static func map(_ source: PredecessorJob, holder: JobNumber? = nil) throws -> ImportedJob {
        let mapping = ImportMapping(
            nodes: ["n": "encoder-1"],
            rules: OldDatabase.rules,
            now: OldDatabase.now
        )
        let job = mapping.job(source, number: JobNumber(1), id: JobID(high: 1, low: 1)) { _ in
            holder
        }
        var batch = StoreBatch()
        job.write(into: &batch)
        _ = try batch.changes()
        return job
    }

    static func way(_ job: ImportedJob) -> [JobState] { job.moves.map(\.step.to) }

    static let rows: [(status: String?, way: [JobState], changes: [ImportChange])] = [
        ("pending", [.queued], []),
        ("queued", [.queued], []),
        ("processing", [.queued, .assigned, .running, .retrying, .queued], [.bridged, .requeued]),
        ("paused", [.queued, .assigned, .retrying, .queued], [.bridged, .requeued]),
        ("retrying", [.queued, .retrying], [.bridged]),
        (
            "timed_out", [.queued, .assigned, .timedOut, .retrying], [.bridged, .timedOut]
        ),
        ("completed", [.queued, .assigned, .running, .completed], [.bridged]),
        ("failed", [.queued, .retrying, .failed], [.bridged]),
        ("canceled", [.queued, .canceled], [.bridged]),
        ("rejected", [.queued, .rejected], [.bridged]),
        ("nonsense", [.queued, .retrying, .failed], [.stateUnknown, .bridged]),
        (nil, [.queued, .retrying, .failed], [.stateUnknown, .bridged]),
    ]

    @Test(arguments: rows.indices) func everyStateWithoutAHistoryIsReached(_ index: Int) throws {
        let row = Self.rows[index]
        let job = try Self.map(Self.source(row.status))
        #expect(Self.way(job) == row.way)
        #expect(job.lines.map(\.change) == row.changes)
        #expect(job.movesBridged == UInt64(row.way.count - 1) || row.changes.count == 2)
        // Whoever reads the history learns why a held job waits again.
        guard row.changes.contains(.requeued) else { return }
        #expect(job.moves.suffix(2).allSatisfy { $0.reason.contains("no lease came with it") })
    }

    @Test func whatStartedWentThroughRunning() throws {
        for status in ["failed", "timed_out", "canceled"] {
            let job = try Self.map(
                Self.source(status) {
                    $0.startedAt = "2026-01-05 11:00:00"
                    $0.nodeID = "n"
                }
            )
            #expect(Self.way(job).prefix(3) == [.queued, .assigned, .running], "\(status)")
            #expect(job.row.worker == "encoder-1" && job.row.started != nil)
        }
    }

    @Test func aTimeoutWhoseRetriesAreSpentHasFailed() throws {
        let job = try Self.map(
            Self.source("timed_out") {
                $0.retryCount = "5"
                $0.maxRetries = "2"
            }
        )
        #expect(job.row.machine.state == .failed && job.row.failure == .timeout)
        #expect(job.row.machine.retryCount == 2 && job.insert.retriesMax == 2)
        #expect(job.lines.map(\.change) == [.numberChanged, .bridged, .timedOut])
        #expect(job.lines.last?.detail == "timed_out → failed: its 2 retries are spent")
    }

    @Test func aGapInTheHistoryIsBridgedAndTold() throws {
        let job = try Self.map(
            Self.source("running") {
                $0.stateTransitions = """
                    [{"from": "running", "to": "retrying", "timestamp": "2026-01-05T10:00:01Z",
                    "reason": "node lost"}, {"from": "retrying", "to": "processing"}]
                    """
            }
        )
        #expect(
            Self.way(job) == [
                .queued, .assigned, .running, .retrying, .queued, .assigned, .running, .retrying,
                .queued,
            ]
        )
        #expect(job.row.machine.attempt == AttemptNumber(2))
        #expect(job.moves[3].reason == "node lost" && job.moves[3].actor == "predecessor")
        #expect(job.moves[2].actor == "import" && job.moves[5].actor == "import")
        #expect(
            job.lines.filter { $0.change == .bridged }.map(\.detail) == [
                "queued → assigned → running", "retrying → queued → assigned → running",
            ]
        )
        #expect(job.movesBridged == 4)
    }

    @Test func completedTwiceIsCompletedOnce() throws {
        let job = try Self.map(
            Self.source("completed") {
                $0.stateTransitions = """
                    [{"from": "queued", "to": "assigned"}, {"from": "assigned", "to": "running"},
                    {"from": "running", "to": "completed"}, {"from": "completed", "to": "running"},
                    {"from": "running", "to": "completed", "reason": "at last"}]
                    """
                $0.error = "an earlier one"
            }
        )
        #expect(Self.way(job) == [.queued, .assigned, .running, .completed])
        #expect(job.moves.last?.reason == "at last")
        #expect(job.lines.map(\.change) == [.stepDropped, .errorDropped])
        #expect(job.row.error == nil)
    }

    @Test func whatCannotRunIsRejectedWithItsReason() throws {
        let cases: [((inout PredecessorJob) -> Void, String)] = [
            ({ $0.engine = "vlc" }, "there is no engine vlc"),
            ({ $0.parameters = nil }, "its input is not known"),
            ({ $0.parameters = "{\"input\": \"/a\"}" }, "its output is not known"),
            ({ $0.parameters = "[1]" }, "its parameters cannot be read"),
            ({ $0.parameters = "{\"input\": \"a\", \"output\": \"/b\"}" }, "absolute path"),
        ]
        for (change, words) in cases {
            for status in ["pending", "retrying", "running"] {
                let job = try Self.map(Self.source(status, change))
                #expect(job.row.machine.state == .rejected, "\(words)")
                #expect(job.row.completed == OldDatabase.now && job.outputLive == nil)
                #expect(job.row.error?.contains(words) == true, "\(job.row.error ?? "")")
                #expect(job.lines.last { $0.change == .rejected }?.detail.contains(words) == true)
            }
            // What has ended keeps what is known of it.
            #expect(try Self.map(Self.source("completed", change)).row.machine.state == .completed)
        }
        let second = try Self.map(Self.source("pending"), holder: JobNumber(9))
        #expect(second.row.error == "It cannot run: job #9 writes the same output")
    }

    @Test func parametersAreTextAndPlacesAreTakenOut() throws {
        let mapping = ImportMapping(nodes: [:], rules: OldDatabase.rules, now: OldDatabase.now)
        let source = Self.source("pending") {
            $0.parameters = """
                {"input": "/in/a", "output": "/out/a", "output_mode": "file", "stream_key": "k",
                "crf": 22, "fps": 29.97, "scale": 2.0, "fast": true, "slow": false, "none": null,
                "empty": "", "duration": 0, "list": [1, "x"], "codec": "h264"}
                """
        }
        var draft = ImportDraft(source: source, number: JobNumber(1), mapping: mapping)
        draft.readSpec()
        #expect(draft.spec.input == "/in/a" && draft.spec.output == "/out/a")
        #expect(draft.spec.overwrite && draft.spec.secrets.isEmpty)
        let texts = draft.spec.parameters.map { "\($0.key)=\($0.value)" }
        let wanted = [
            "codec=h264", "crf=22", "fast=true", "fps=29.97", "list=[1,\"x\"]", "scale=2",
            "slow=false",
        ]
        #expect(texts == wanted)
    }

    @Test func aKeyOfAStreamIsASecret() throws {
        let mapping = ImportMapping(nodes: [:], rules: OldDatabase.rules, now: OldDatabase.now)
        let source = Self.source("completed") {
            $0.parameters = "{\"input\": \"/a\", \"output_mode\": \"rtmp\", \"stream_key\": \"k\"}"
        }
        var draft = ImportDraft(source: source, number: JobNumber(1), mapping: mapping)
        draft.readSpec()
        #expect(draft.spec.secrets == [Parameter(key: "stream_key", value: "k")])
        #expect(draft.spec.output == "rtmp://unknown" && draft.spec.parameters.isEmpty)
    }

    @Test func wordsNumbersAndTimesThatMeanNothingAreReplaced() throws {
        let job = try Self.map(
            Self.source("failed") {
                $0.queue = "express"
                $0.priority = "LOW"
                $0.maxRetries = "many"
                $0.createdAt = "2099-01-01 00:00:00"
                $0.completedAt = "soon"
                $0.failureReason = "disk exploded"
            }
        )
        #expect(job.insert.queue == .standard && job.insert.priority == .low)
        #expect(job.insert.retriesMax == 3 && job.insert.created == OldDatabase.now)
        #expect(job.row.failure == .runtimeError && job.row.error == "disk exploded")
        #expect(
            job.lines.map(\.change) == [
                .timeReplaced, .timeReplaced, .numberChanged, .wordReplaced, .wordReplaced,
                .bridged,
            ]
        )
    }

    @Test func longTextsAreCutToWhatTheStoreKeeps() throws {
        let job = try Self.map(
            Self.source("failed") {
                $0.id = String(repeating: "é", count: 300)
                $0.error = String(repeating: "x", count: 5_000)
                $0.log = [UInt8](repeating: 1, count: Limits.logTailBytesMax)
                $0.logBytes = 1_000_000
            }
        )
        #expect(job.insert.key.utf8.count <= Limits.keyBytesMax)
        #expect(job.insert.key.hasPrefix("import:éé"))
        #expect(job.row.error?.utf8.count ?? 0 <= Limits.stringBytesMax)
        #expect(job.log?.tail.count == Limits.logTailBytesMax)
        #expect(job.lines.map(\.change) == [.rekeyed, .textCut, .bridged, .textCut])
    }
}
