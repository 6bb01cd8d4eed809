// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a job needs and what a worker has, over the wire

import Foundation
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: an assignment says what its worker must know about the job, as the engine's adapter sees
/// it.
///
/// Method: the real scheduler on Unix sockets with an engine that takes every job; workers are
/// scripted.
@Suite(.timeLimit(.minutes(1)))
struct MatchingFlowTests {
    private func item(_ name: String, output: String) -> SubmitItem {
        let spec = JobSpec(engine: StubEngine.name, input: "/in/\(name).mov", output: output)
        return SubmitItem(key: "key-\(name)", spec: spec.encoded)
    }

    /// The wall clock; whole milliseconds, as the scheduler's.
    private func wall() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// Only a file can be fenced by a grant: what goes to a stream has to stop with its lease.
    @Test func anAssignmentSaysWhetherItsOutputIsAStream() async throws {
        let harness = try await DaemonHarness.start(engines: [StubEngine()])
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let accepted = try await submitter.submit(
            ["rtmp://live/a", "SRT://live/b", "/out/c.mp4", "/rtmp/srt/d.mp4"].enumerated()
                .map { item("\($0)", output: $1) }
        )
        #expect(accepted.allSatisfy { $0.code == .known(.ok) })
        let (worker, _) = try await harness.worker("w1", slots: 4, engines: [StubEngine.report])
        var isKilled: [JobNumber: Bool] = [:]
        for await push in worker.pushes {
            guard case .assign(let event) = push else { continue }
            for assignment in event.assignments {
                isKilled[assignment.number] = assignment.isKilledOnLeaseLoss
            }
            if isKilled.count == accepted.count { break }
        }
        #expect(accepted.map { isKilled[$0.number] } == [true, true, false, false])
        await harness.stop()
    }

    @Test func aStreamIsAStreamAfterARestart() async throws {
        let harness = try await DaemonHarness.start(engines: [StubEngine()])
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        _ = try await submitter.submit([item("a", output: "udp://group/a")])
        await harness.stop()
        let again = try await DaemonHarness.start(in: harness.folder, engines: [StubEngine()])
        let (worker, _) = try await again.worker("w1", engines: [StubEngine.report])
        #expect(try await worker.assignment().isKilledOnLeaseLoss)
        await again.stop()
    }

    /// A worker whose clock is an hour off: it is told to whoever looks, and no time that is kept
    /// is its own.
    @Test(arguments: [3_600_000, -3_600_000] as [Int64])
    func aClockThatIsAnHourOffIsShownAndMovesNothing(offset: Int64) async throws {
        let harness = try await DaemonHarness.start(engines: [StubEngine()])
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let before = wall()
        let accepted = try #require(
            try await submitter.submit([item("a", output: "/out/a.mp4")]).first
        )
        let (worker, _) = try await harness.worker("w1", engines: [StubEngine.report])
        let assignment = try await worker.assignment()
        func say(_ content: ReportItem.Content) async throws {
            let item = ReportItem(
                number: assignment.number,
                attempt: assignment.attempt,
                at: wall().advanced(by: .milliseconds(offset)),
                content: content
            )
            let answer = try await worker.call(Report.self, .init(assignLimit: 0, items: [item]))
            #expect(answer.results.first?.code == .known(.ok))
        }
        try await say(.started(ReportItem.Start(limit: .seconds(100))))
        let running = try await submitter.job(accepted.number)
        let deadline = try #require(running.deadline)
        #expect(deadline >= before.advanced(by: .seconds(100)))
        #expect(deadline <= wall().advanced(by: .seconds(100)))
        try await say(.finished(nil, ReportItem.Finish(hasNoFile: true)))
        let history = try await submitter.call(
            History.self,
            History.Request(ref: .number(accepted.number), afterSequence: 0, limit: 0)
        )
        let after = wall()
        #expect(history.moves.count == 4)
        #expect(history.moves.allSatisfy { (before...after).contains($0.at) })
        let list = try await submitter.call(
            WorkersList.self,
            WorkersList.Request(name: "w1", detail: .short, cursor: nil)
        )
        let shown = try #require(list.workers.first?.clockOffsetMilliseconds)
        #expect(abs(shown - offset) <= after.since(before).wholeMilliseconds)
        await harness.stop()
    }
}
