// SPDX-License-Identifier: Apache-2.0
// Reelwork: whatever stands in a row, the store takes what is made of it

import ReelworkCore
import ReelworkTestKit
import Testing

@testable import ReelworkStore

// Goal: no row of the predecessor, however damaged, breaks a rule of the store or ends an import.
// Method: seeded random rows, each column drawn from good and bad values, into a real store whose
// deep check must be sound; the states at rest and the counters are looked at too.
@Suite(.timeLimit(.minutes(2))) struct ImportPropertyTests {
    static let states = [
        "queued", "assigned", "running", "completed", "failed", "timed_out", "retrying",
        "canceled", "rejected", "pending", "processing", "paused", "COMPLETED", "gone", "", " ",
    ]
    static let times = [
        "2026-01-05 10:00:00.123456789+01:00", "2026-01-05T10:00:00Z", "2026-01-05", "1767600000",
        "9999-12-31 23:59:59", "0001-01-01 00:00:00+00:00", "never", "-5", "1e300", "", "nan",
    ]
    static let numbers = ["0", "1", "3", "7", "-1", "70000", "2.5", "many", "", "inf", "1e99"]
    static let words = ["live", "default", "batch", "high", "medium", "low", "urgent", "", "LIVE"]
    static let documents = [
        "null", "{}", "[]", "{", "17", "\"x\"", "{\"input\": \"/a\", \"output\": \"/b\"}",
        "{\"input\": \"a\", \"output\": null, \"crf\": [1, {\"b\": true}]}",
        "{\"output_mode\": \"rtmp\", \"stream_key\": \"k\", \"input\": \"/a\"}", "\u{0}",
    ]

    private struct Dice {
        var source: RandomSource

        mutating func below(_ count: Int) -> Int { Int(source.next() % UInt64(count)) }

        mutating func pick(_ values: [String]) -> String? {
            let place = below(values.count + 1)
            return place == values.count ? nil : values[place]
        }

        mutating func history() -> String? {
            switch below(6) {
            case 0: return ImportPropertyTests.documents[below(ImportPropertyTests.documents.count)]
            case 1: return nil
            case _: break
            }
            let steps = (0..<below(12)).map { _ in
                "{\"from\": \"\(pick(ImportPropertyTests.states) ?? "x")\", "
                    + "\"to\": \"\(pick(ImportPropertyTests.states) ?? "y")\", \"timestamp\": "
                    + "\"\(pick(ImportPropertyTests.times) ?? "")\", \"reason\": null}"
            }
            return "[" + steps.joined(separator: ",") + "]"
        }

        mutating func job(_ index: Int) -> PredecessorJob {
            var job = PredecessorJob()
            job.row = Int64(index)
            job.id =
                below(20) == 0 ? nil : "job-\(index)" + String(repeating: "é", count: below(200))
            job.sequenceNumber = pick(ImportPropertyTests.numbers)
            job.engine = pick(["auto", "ffmpeg", "vlc", String(repeating: "e", count: 300)])
            job.parameters = pick(ImportPropertyTests.documents)
            job.status = pick(ImportPropertyTests.states)
            job.queue = pick(ImportPropertyTests.words)
            job.priority = pick(ImportPropertyTests.words)
            job.nodeID = pick(["node-1", "deleted", "", String(repeating: "n", count: 500)])
            job.createdAt = pick(ImportPropertyTests.times)
            job.startedAt = pick(ImportPropertyTests.times)
            job.lastActivityAt = pick(ImportPropertyTests.times)
            job.completedAt = pick(ImportPropertyTests.times)
            job.retryCount = pick(ImportPropertyTests.numbers)
            job.maxRetries = pick(ImportPropertyTests.numbers)
            job.error = pick(["boom", String(repeating: "x", count: 9_000), ""])
            job.failureReason = pick(["timeout", "user_error", "exploded", "", "Timed Out"])
            job.log = [UInt8](repeating: 7, count: below(3) * 40_000)
            job.stateTransitions = history()
            return job
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func everyRowIsAccepted(_ seed: UInt64) throws {
        let folder = DataFolder()
        let store = try folder.open()
        defer { store.close() }
        var dice = Dice(source: RandomSource(seed: seed, 77))
        let mapping = ImportMapping(
            nodes: ["node-1": "encoder-1"],
            rules: OldDatabase.rules,
            now: OldDatabase.now
        )
        var number: UInt64 = 0
        for _ in 0..<10 {
            var batch = StoreBatch()
            for _ in 0..<100 {
                number += 1
                let source = dice.job(Int(number))
                let job = mapping.job(
                    source,
                    number: JobNumber(number),
                    id: JobID(high: seed, low: number)
                ) { _ in nil }
                #expect(Self.problems(of: job, from: source) == [], "\(source)")
                job.write(into: &batch)
            }
            try store.apply(batch)
        }
        #expect(try store.counts().values.reduce(0, +) == number)
        try ImporterTests.expectSound(store)
    }

    /// What no imported job may be.
    private static func problems(of job: ImportedJob, from source: PredecessorJob) -> [String] {
        var problems: [String] = []
        let state = job.row.machine.state
        if state.isHeld || state == .timedOut { problems.append("rests in \(state.name)") }
        if job.insert.key.utf8.count > Limits.keyBytesMax { problems.append("long key") }
        if job.row.worker.utf8.count > Limits.workerNameBytesMax { problems.append("long worker") }
        if job.row.error?.utf8.count ?? 0 > Limits.stringBytesMax { problems.append("long error") }
        if job.log?.tail.count ?? 0 > Limits.logTailBytesMax { problems.append("long log") }
        if job.insert.created > OldDatabase.now { problems.append("created in the future") }
        if state != .failed, state != .rejected, !state.isTerminal, job.outputLive == nil {
            problems.append("lives without an output")
        }
        for move in job.moves {
            if move.reason.utf8.count > Limits.reasonBytesMax { problems.append("long reason") }
            if move.at.milliseconds < 0 { problems.append("negative time") }
        }
        // A state that the predecessor knew is kept, or a line says what became of it.
        if let status = JobState(name: ImportText.filled(source.status) ?? ""), status != state,
            !job.lines.contains(where: { [.requeued, .timedOut, .rejected].contains($0.change) })
        {
            problems.append("\(status.name) became \(state.name) without a line")
        }
        return problems
    }
}
