// SPDX-License-Identifier: Apache-2.0
// Reelwork: the way of a job through the real daemon

import ReelworkCore
import ReelworkRPC
import ReelworkTelemetry
import ReelworkWire
import Testing

/// Goal: the daemon answers, hands out and records as the protocol says, each answer after its
/// commit.
///
/// Method: a real daemon on SQLite and Unix sockets, real connections, scripted workers.
@Suite(.timeLimit(.minutes(1)))
struct DaemonTests {
    private let film = ReportItem.Film(
        output: "/out/a.mp4",
        size: 10,
        mediaDuration: .seconds(5),
        checksum: 7
    )

    /// A histogram's samples have its name and an ending.
    private static func family(_ name: String) -> String {
        for ending in ["_bucket", "_sum", "_count"] where name.hasSuffix(ending) {
            let family = String(name.dropLast(ending.count))
            if MetricCatalogue.entry(family)?.kind == .histogram { return family }
        }
        return name
    }

    @Test func aJobGoesTheWholeWay() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let (worker, _) = try await harness.worker("w1")
            let accepted = try #require(try await submitter.submit([DaemonHarness.item("a")]).first)
            #expect(accepted.code == .known(.ok))
            let assignment = try await worker.assignment()
            #expect(assignment.number == accepted.number)
            #expect(assignment.engine == "ffmpeg")
            #expect(try JobSpec.decode(spec: assignment.spec).input == "/in/a.mov")
            #expect(
                try await worker.report(assignment, .started(ReportItem.Start())).code
                    == .known(.ok)
            )
            let early = try await worker.report(
                assignment,
                .finished(film, ReportItem.Finish())
            )
            #expect(early.code == .known(.grantRequired))
            #expect(try await worker.report(assignment, .ready(film)).code == .known(.ok))
            #expect(
                try await worker.report(assignment, .finished(film, ReportItem.Finish())).code
                    == .known(.ok)
            )
            let view = try await submitter.job(accepted.number)
            #expect(view.state == .known(.completed))
            let history = try await submitter.call(
                History.self,
                History.Request(ref: .number(accepted.number), afterSequence: 0, limit: 0)
            )
            #expect(history.moves.map(\.to.value) == [.queued, .assigned, .running, .completed])
            #expect(history.moves.map(\.sequence) == [1, 2, 3, 4])
        }
    }

    @Test func aKeyGivesTheSameJobAgainAlsoAfterARestart() async throws {
        try await DaemonHarness.open { harness -> [SubmitResult] in
            let submitter = try await harness.connect(.submitter)
            let (a, b) = (DaemonHarness.item("a"), DaemonHarness.item("b"))
            let first = try await submitter.submit([a, b])
            let again = try await submitter.submit([b, a])
            #expect(again.map(\.code) == [.known(.okExists), .known(.okExists)])
            #expect(again.map(\.number) == first.reversed().map(\.number))
            let other = try await submitter.submit([DaemonHarness.item("c", key: "key-a")])
            #expect(other.first?.code == .known(.keyConflict))
            return first
        } second: { harness, first in
            let later = try await harness.connect(.submitter).submit([DaemonHarness.item("a")])
            #expect(later.first?.code == .known(.okExists))
            #expect(later.first?.id == first.first?.id)
        }
    }

    @Test func aRunningJobSurvivesARestartOfTheScheduler() async throws {
        try await DaemonHarness.open { harness -> Assignment in
            try await harness.running("a", on: "w1").assignment
        } second: { harness, assignment in
            let held = HeldAttempt(
                id: assignment.id,
                attempt: assignment.attempt,
                phase: .known(.running)
            )
            let (back, answer) = try await harness.worker("w1", held: [held])
            #expect(answer.verdicts.map(\.kind) == [.known(.keep)])
            #expect(try await back.report(assignment, .ready(film)).code == .known(.ok))
            #expect(
                try await back.report(assignment, .finished(film, ReportItem.Finish())).code
                    == .known(.ok)
            )
            let reader = try await harness.connect(.submitter)
            #expect(try await reader.job(assignment.number).attempt == AttemptNumber(1))
        }
    }

    @Test func cancelReachesTheWorker() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let (worker, assignment) = try await harness.running("a", on: "w1")
            let answer = try await submitter.call(
                CancelJob.self,
                CancelJob.Request(refs: [.number(assignment.number)], reason: "not needed")
            )
            #expect(answer.results.first?.code == .known(.ok))
            var revoked: Revocation?
            for await push in worker.pushes {
                guard case .revoke(let event) = push else { continue }
                revoked = event.revocations.first
                break
            }
            #expect(revoked?.number == assignment.number)
            #expect(revoked?.because == .known(.canceled))
            let late = try await worker.report(assignment, .ready(film))
            #expect(late.code == .known(.staleAttempt))
        }
    }

    @Test func aWatcherSeesEveryMoveOnceAndTheEnd() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let accepted = try #require(try await submitter.submit([DaemonHarness.item("a")]).first)
            let watch = submitter.stream(
                Watch.self,
                Watch.Request(refs: [.number(accepted.number)])
            )
            var moves: [JobState] = []
            var worker: RPCConnection?
            for try await event in watch {
                for news in event.events {
                    if news.kind == .known(.snapshot) {
                        worker = try await harness.worker("w1").connection
                        let assignment = try #require(try await worker?.assignment())
                        _ = try await worker?.report(assignment, .started(ReportItem.Start()))
                        _ = try await worker?.report(
                            assignment,
                            .finished(nil, ReportItem.Finish(hasNoFile: true))
                        )
                    }
                    if let state = news.move?.to.value { moves.append(state) }
                }
            }
            #expect(moves == [.assigned, .running, .completed])
        }
    }

    @Test func theAdminChannelChecksTheStoreAndShowsTheLoops() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            _ = try await submitter.submit([DaemonHarness.item("a")])
            let admin = try await harness.connect(.admin)
            let checks = try await admin.call(Check.self, Check.Request(isDeep: true)).checks
            #expect(checks.allSatisfy { $0.isOK }, "\(checks)")
            #expect(checks.first { $0.name == "synchronous" }?.detail == "2")
            let loops = try await admin.call(Loops.self, EmptyRequest()).loops
            #expect(loops.map(\.name) == ["scheduling", "health", "cleanup"])
            let samples = try await admin.call(Metrics.self, Metrics.Request(prefix: "")).samples
            #expect(samples.contains { $0.name == "reelwork_queue_depth" && $0.value == 1 })
            #expect(samples.contains { $0.name == "reelwork_read_only" && $0.value == 0 })
            let dropped = samples.first { $0.name == "reelwork_log_lines_dropped_total" }
            #expect(dropped?.value == 7)
            // Whoever writes them as text has words for each, and none is only promised.
            let families = Set(samples.map { DaemonTests.family($0.name) })
            #expect(families == Set(MetricCatalogue.entries.map(\.name)))
        }
    }

    @Test func forcedRecoveryIsRefusedWhileTheLeaseLivesAndRequeueIsNot() async throws {
        try await DaemonHarness.open { harness in
            let (_, assignment) = try await harness.assigned("a", to: "w1")
            let admin = try await harness.connect(.admin)
            func force(
                _ action: Recover.Action,
                _ reason: String
            ) async throws -> Recover.Response {
                try await admin.call(
                    Recover.self,
                    Recover.Request(
                        target: .jobs,
                        refs: [.number(assignment.number)],
                        worker: "",
                        action: action,
                        reason: reason
                    )
                )
            }
            let refused = try await force(.recover, "test")
            #expect(refused.items.first?.code == .known(.precondition))
            #expect(refused.items.first?.detail?.contains("lease") == true)
            let requeued = try await force(.requeue, "by hand")
            #expect(requeued.items.first?.code == .known(.ok))
            let history = try await admin.call(
                History.self,
                History.Request(ref: .number(assignment.number), afterSequence: 0, limit: 0)
            )
            #expect(history.moves.contains { $0.actor == "uid:0" || $0.actor.hasPrefix("uid:") })
            #expect(history.moves.contains { $0.reason == "Requeued: by hand" })
        }
    }

    @Test func aBadSpecCostsItsItemAlone() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let unknown = SubmitItem(
                key: "k1",
                spec: JobSpec(engine: "warp", input: "/in", output: "/out/1.mp4").encoded
            )
            let relative = SubmitItem(
                key: "k2",
                spec: JobSpec(input: "film.mov", output: "/out/2.mp4").encoded
            )
            let misspelt = SubmitItem(
                key: "k3",
                spec: JobSpec(
                    engine: "ffmpeg",
                    input: "/in",
                    output: "/out/3.mp4",
                    parameters: [Parameter(key: "codecc", value: "h264")]
                ).encoded
            )
            let results = try await submitter.submit([
                unknown, relative, misspelt, DaemonHarness.item("good"),
            ])
            #expect(
                results.map(\.code) == [
                    .known(.invalidArgument), .known(.invalidArgument), .known(.invalidArgument),
                    .known(.ok),
                ]
            )
            #expect(results[0].detail?.contains("ffmpeg") == true, "\(results[0])")
            #expect(results[2].detail?.contains("codec") == true, "\(results[2])")
        }
    }
}
