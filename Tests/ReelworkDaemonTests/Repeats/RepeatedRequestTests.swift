// SPDX-License-Identifier: Apache-2.0
// Reelwork: whatever is asked again changes nothing

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: R2, over the wire: every operation gives the same answer when it is asked again on the
/// same connection, on a new one and at the next scheduler, and changes nothing after the first.
///
/// Method: a real daemon on SQLite and Unix sockets, which is started twice; every job's whole
/// history is compared.
@Suite(.timeLimit(.minutes(1)))
struct RepeatedRequestTests {
    // Seed: the table of idempotency.
    @Test(arguments: RepeatedOperation.allCases)
    func theSecondTimeChangesNothing(operation: RepeatedOperation) async throws {
        let folder = DaemonHarness.temporaryFolder()
        defer { DaemonHarness.remove(folder) }
        var harness = try await DaemonHarness.start(in: folder, policy: RepeatedScene.policy)
        do {
            let (scene, worker) = try await RepeatedScene.make(harness, for: operation)
            let before = try await scene.standing(harness)
            let first =
                operation.isOfWorker
                ? worker : try await scene.connection(harness, for: operation)
            let answer = try await scene.perform(operation, on: first)
            #expect(answer.hasPrefix("ok"), "\(answer)")
            let standing = try await scene.standing(harness)
            if operation.isSeen { #expect(standing != before, "the first time does something") }
            for _ in 2...3 {
                #expect(try await scene.perform(operation, on: first) == answer)
                #expect(try await scene.standing(harness) == standing)
            }
            await first.abort()
            let second = try await scene.connection(harness, for: operation)
            #expect(try await scene.perform(operation, on: second) == answer)
            #expect(try await scene.standing(harness) == standing)
            await harness.stop()
            harness = try await DaemonHarness.start(in: folder, policy: RepeatedScene.policy)
            let third = try await scene.connection(harness, for: operation)
            #expect(try await scene.perform(operation, on: third) == answer)
            #expect(try await scene.standing(harness) == standing)
            if operation == .bump {
                let (worker, _) = try await harness.worker("w2", slots: 2)
                #expect(try await worker.assignment().number == scene.waiting[1])
            }
            let checks = try await harness.connect(.admin)
                .call(Check.self, Check.Request(isDeep: true)).checks
            #expect(checks.allSatisfy { $0.isOK }, "\(checks)")
        } catch {
            await harness.stop()
            throw error
        }
        await harness.stop()
    }

    // A report with an older attempt, or of an end that was not the attempt's, is stale on every
    // connection and in every life.
    @Test func anotherEndIsStaleForEver() async throws {
        try await DaemonHarness.open { harness -> RepeatedScene in
            let (scene, worker) = try await RepeatedScene.make(harness, for: .finish)
            _ = try await scene.perform(.finish, on: worker)
            try await expectStale(scene, on: worker)
            await worker.abort()
            try await expectStale(scene, on: try await scene.connection(harness, for: .finish))
            return scene
        } second: { harness, scene in
            try await expectStale(scene, on: try await scene.connection(harness, for: .finish))
            let job = try await harness.connect(.submitter).job(scene.assignment.number)
            #expect(job.state == .known(.completed))
        }
    }

    private func expectStale(_ scene: RepeatedScene, on worker: RPCConnection) async throws {
        let failed = ReportItem.Content.failed(.init(.runtimeError, error: "late"))
        let other = try await worker.report(scene.assignment, failed)
        #expect(other.code == .known(.staleAttempt))
        var older = scene.assignment
        older.attempt = AttemptNumber(0)
        let finished = ReportItem.Content.finished(RepeatedScene.film, .init())
        #expect(try await worker.report(older, finished).code == .known(.staleAttempt))
    }
}

extension RepeatedOperation {
    /// Whether what it does is among what ``RepeatedScene/standing(_:)`` shows.
    fileprivate var isSeen: Bool {
        switch self {
        case .assign, .heartbeat, .bump: false
        case .submit, .start, .finish, .fail, .release, .register, .cancel, .requeue, .failByForce,
            .retry, .pauseQueue, .drainWorker, .resumeWorker, .stopLoop:
            true
        }
    }
}
