// SPDX-License-Identifier: Apache-2.0
// Reelwork: a watcher that reads late

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: who watches and does not read for a while is not closed, holds a bounded memory, and then
/// sees gaps, the last move of each job and the end, or how a job stood that was shown later;
/// HISTORY has what was left out.
///
/// Method: a real scheduler; a raw socket that watches and reads only when all jobs are over.
@Suite(.timeLimit(.minutes(1)))
struct SlowWatcherTests {
    private static let jobs = 400
    private static let reason = String(repeating: "r", count: 1_000)
    /// Snapshots that are more than the kernel keeps for a socket.
    private static let folder = "/" + String(repeating: "f", count: 1_500) + "/"

    private static func item(_ index: Int) -> SubmitItem {
        let spec = JobSpec(
            engine: "ffmpeg",
            input: folder + "\(index).mov",
            output: "/out/\(index).mp4"
        )
        return SubmitItem(key: "slow-\(index)", spec: spec.encoded)
    }

    @Test func whoReadsLateSeesGapsTheLastMovesAndTheEnd() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let accepted = try await submitter.submit((0..<Self.jobs).map { Self.item($0) })
        let numbers = accepted.map(\.number)
        let watcher = try RawPeer(harness.folder + "/reelwork.sock")
        try watcher.shakeHands()
        let refs = numbers.map { JobRef.number($0) }
        try watcher.ask(Watch.self, Watch.Request(refs: refs), id: 1)
        // The first snapshots are on their way; the others are read when it has taken those.
        _ = try watcher.readFrame(.event)
        let (worker, _) = try await harness.worker("w", slots: UInt64(Self.jobs))
        var assigned = 0
        for await push in worker.pushes {
            if case .assign(let event) = push { assigned += event.assignments.count }
            if assigned >= Self.jobs { break }
        }
        _ = try await submitter.call(CancelJob.self, .init(refs: refs, reason: Self.reason))
        var last: [JobNumber: Move] = [:]
        var shown: [JobNumber: JobState] = [:]
        var gaps: Set<JobNumber> = []
        var count = 0
        while true {
            let frame = try #require(try watcher.readFrame())
            guard frame.header.kind == .event else {
                #expect(frame.header.kind == .response)
                break
            }
            let body = frame.body
            for news in try Watch.Event.decode(body.span.bytes).events {
                if news.kind == .known(.gap) { gaps.insert(news.number) }
                if let view = news.view { shown[news.number] = view.state.value }
                guard let move = news.move else { continue }
                #expect(move.sequence > last[news.number]?.sequence ?? 0, "never back")
                last[news.number] = move
                count += 1
            }
        }
        #expect(!gaps.isEmpty)
        #expect(count < Self.jobs * 2, "moves were left out")
        for number in numbers {
            #expect((last[number]?.to.value ?? shown[number]) == .canceled)
        }
        let history = try await submitter.call(
            History.self,
            .init(ref: .number(numbers[0]), afterSequence: 0, limit: 100)
        )
        #expect(history.moves.last?.sequence == last[numbers[0]]?.sequence)
        await harness.stop()
    }
}
