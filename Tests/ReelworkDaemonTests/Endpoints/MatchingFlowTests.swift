// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a job needs and what a worker has, over the wire

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

    /// Only a file can be fenced by a grant: what goes to a stream has to stop with its lease.
    @Test func anAssignmentSaysWhetherItsOutputIsAStream() async throws {
        let harness = try await DaemonHarness.start(engines: [StubEngine()])
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let accepted = try await submitter.submit(
            ["rtmp://live/a", "SRT://live/b", "/out/c.mp4", "/out/rtmp://d.mp4"].enumerated()
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
}
