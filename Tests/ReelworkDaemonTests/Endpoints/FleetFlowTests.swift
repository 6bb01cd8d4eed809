// SPDX-License-Identifier: Apache-2.0
// Reelwork: workers and loops are looked after over the wire

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: WORKER_SET and LOOP_SET do over sockets and on SQLite what the specification says.
///
/// Method: a real scheduler, scripted workers.
@Suite(.timeLimit(.minutes(1)))
struct FleetFlowTests {
    private func set(
        _ connection: RPCConnection,
        _ name: String,
        _ action: WorkerSet.Action,
        within: Duration? = nil
    ) async throws -> (code: OpenEnum<ResultCode>?, open: UInt64) {
        let answer = try await connection.call(
            WorkerSet.self,
            WorkerSet.Request(name: name, action: action, reason: "test", within: within)
        )
        #expect(answer.results.count == 1)
        return (answer.results.first?.code, answer.open)
    }

    private func views(_ connection: RPCConnection) async throws -> [WorkerView] {
        try await connection.call(
            WorkersList.self,
            WorkersList.Request(name: "", detail: .short, cursor: nil)
        ).workers
    }

    private func set(
        _ admin: RPCConnection,
        _ loop: String,
        _ action: LoopSet.Action
    ) async throws -> OpenEnum<ResultCode>? {
        try await admin.call(
            LoopSet.self,
            LoopSet.Request(name: loop, action: action, reason: "test")
        ).results.first?.code
    }

    @Test func aDrainHandsBackAndTheWorkerIsRemoved() async throws {
        try await DaemonHarness.open { harness in
            let (worker, assignment) = try await harness.running("a", on: "w1")
            let submitter = try await harness.connect(.submitter)
            #expect(try await set(submitter, "w1", .remove).code == .known(.precondition))
            let drained = try await set(submitter, "w1", .drain, within: .zero)
            #expect(drained.code == .known(.ok) && drained.open == 1)
            for await push in worker.pushes {
                guard case .revoke(let event) = push else { continue }
                #expect(event.revocations.map(\.because) == [.known(.draining)])
                break
            }
            #expect(try await submitter.job(assignment.number).state == .known(.running))
            let released = try await worker.report(assignment, .released(.revoked, error: nil))
            #expect(released.code == .known(.ok))
            let job = try await submitter.job(assignment.number)
            #expect(job.state == .known(.queued) && job.retryCount == 0)
            #expect(try await views(submitter).map(\.isDraining) == [true])
            #expect(try await set(submitter, "w1", .remove).code == .known(.ok))
            #expect(try await views(submitter).isEmpty)
            #expect(try await set(submitter, "w1", .resume).code == .known(.notFound))
        }
    }

    @Test func aDrainOutlivesTheSchedulerAndALoopsStopDoesNot() async throws {
        try await DaemonHarness.open(
            first: { harness in
                _ = try await harness.worker("w1")
                let submitter = try await harness.connect(.submitter)
                _ = try await set(submitter, "w1", .drain, within: .seconds(3_600))
                let admin = try await harness.connect(.admin)
                #expect(try await set(admin, "health", .stop) == .known(.ok))
                #expect(try await set(admin, "health", .run) == .known(.ok))
                #expect(try await set(admin, "wealth", .stop) == .known(.notFound))
                let loops = try await admin.call(Loops.self, EmptyRequest()).loops
                #expect(loops.map(\.isRunning) == [true, false, true])
                #expect((loops.first { $0.name == "health" }?.runs ?? 0) > 0)
                let samples = try await admin.call(
                    Metrics.self,
                    Metrics.Request(prefix: "reelwork_loop_running")
                ).samples
                #expect(samples.map(\.value) == [1, 0, 1])
            },
            second: { harness, _ in
                let submitter = try await harness.connect(.submitter)
                let view = try #require(try await views(submitter).first)
                #expect(view.isDraining && view.drainUntil != nil)
                #expect(try await set(submitter, "w1", .resume).code == .known(.ok))
                #expect(try await views(submitter).map(\.isDraining) == [false])
                let admin = try await harness.connect(.admin)
                let loops = try await admin.call(Loops.self, EmptyRequest()).loops
                #expect(loops.map(\.isRunning) == [true, true, true])
            }
        )
    }
}
