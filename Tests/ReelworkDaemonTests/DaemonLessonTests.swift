// SPDX-License-Identifier: Apache-2.0
// Reelwork: what went wrong in the predecessor, at the real daemon

import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkStore
import ReelworkWire
import Testing

/// Goal: the predecessor's mistakes have the opposite result over the wire.
///
/// Method: a real daemon on SQLite and Unix sockets, scripted workers.
@Suite(.timeLimit(.minutes(1)))
struct DaemonLessonTests {
    private static let end = ReportItem.Content.finished(nil, ReportItem.Finish(hasNoFile: true))

    // Lesson 1: the scheduler that was documented and tested was never started; another ran, in
    // loops. Here there is one: with all three loops stopped a job is handed out, fails, waits, is
    // lost with its worker, is handed out again and completes, by events and timers alone.
    @Test func theOneSchedulerWorksWithAllLoopsStopped() async throws {
        var policy = SchedulerPolicy(
            retry: RetryPolicy(backoffFirst: .milliseconds(50), jitter: .none)
        )
        policy.leaseDuration = .seconds(2)
        let harness = try await DaemonHarness.start(policy: policy)
        defer { harness.remove() }
        let admin = try await harness.connect(.admin)
        for loop in ["scheduling", "health", "cleanup"] {
            let request = LoopSet.Request(name: loop, action: .stop, reason: "test")
            let results = try await admin.call(LoopSet.self, request).results
            #expect(results.map(\.code) == [.known(.ok)])
        }
        let runs = try await admin.call(Loops.self, EmptyRequest()).loops.map(\.runs)
        let (silent, assignment) = try await harness.running("a", on: "w1")
        let failure = ReportItem.Failure(.runtimeError, error: "broken")
        _ = try await silent.report(assignment, .failed(failure), limit: 2)
        let again = try await silent.assignment()
        #expect(again.number == assignment.number && again.attempt == AttemptNumber(2))
        // From here w1 says nothing, and its connection stays: only its lease ends it.
        let watch = admin.stream(
            Watch.self,
            Watch.Request(refs: [.number(assignment.number)])
        )
        for try await event in watch {
            let states = event.events.compactMap { $0.move?.to ?? $0.view?.state }
            if states.contains(.known(.retrying)) { break }
        }
        let (other, _) = try await harness.worker("w2")
        let last = try await other.assignment()
        #expect(last.number == assignment.number && last.attempt == AttemptNumber(3))
        #expect(try await other.report(last, Self.end).code == .known(.ok))
        #expect(try await admin.job(assignment.number).state == .known(.completed))
        let after = try await admin.call(Loops.self, EmptyRequest()).loops
        #expect(after.map(\.runs) == runs && after.allSatisfy { !$0.isRunning })
        await harness.stop()
    }

    // Lesson 10: assigning to an offline worker succeeded, and one that was marked offline never
    // came back. Its lease ends on an open connection: it gets nothing more, and the moment that it
    // registers again it gets what waits.
    @Test func aDeadWorkerGetsNothingUntilItRegistersAgain() async throws {
        var policy = SchedulerPolicy()
        policy.leaseDuration = .seconds(2)
        let harness = try await DaemonHarness.start(policy: policy)
        defer { harness.remove() }
        let (silent, _) = try await harness.worker("w1")
        let sent = Task {
            var all: [Assignment] = []
            for await push in silent.pushes {
                if case .assign(let event) = push { all += event.assignments }
            }
            return all
        }
        // The scheduler closes the connection with the lease; what was sent on it is all there is.
        _ = await sent.value
        let reader = try await harness.connect(.submitter)
        func state() async throws -> OpenEnum<WorkerState>? {
            let request = WorkersList.Request(name: "w1", detail: .short, cursor: nil)
            return try await reader.call(WorkersList.self, request).workers.first?.state
        }
        #expect(try await state() == .known(.dead))
        let job = try #require(try await reader.submit([DaemonHarness.item("a")]).first?.number)
        let admin = try await harness.connect(.admin)
        for loop in ["scheduling", "health", "cleanup"] {
            let request = LoopSet.Request(name: loop, action: .run, reason: "test")
            let results = try await admin.call(LoopSet.self, request).results
            #expect(results.map(\.code) == [.known(.ok)])
        }
        #expect(try await reader.job(job).state == .known(.queued))
        #expect(await sent.value.isEmpty)
        let (back, _) = try await harness.worker("w1")
        #expect(try await back.assignment().number == job)
        await harness.stop()
    }

    // Lesson 31: a worker that the server did not know heartbeated into an error for ever. Here the
    // answer says what to do, and who does it is known again: on a connection that has not
    // registered, and after it was removed.
    @Test func whoIsUnknownIsToldToRegisterAndIsKnownThen() async throws {
        try await DaemonHarness.open { harness in
            let stranger = try await harness.connect(.worker)
            let beat = Heartbeat.Request(assignedSeen: 0, open: 0, digest: 0)
            for _ in 0..<2 {
                let error = await #expect(throws: RPCError.self) {
                    _ = try await stranger.call(Heartbeat.self, beat)
                }
                #expect(error?.code == .remote(.known(.sessionSuperseded)))
                #expect(error?.message.contains("register again") == true)
            }
            let worker = WorkerRegistration(
                name: "w1",
                incarnation: 1,
                capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
                engines: [
                    EngineReport(name: "ffmpeg", version: "1", encoders: ["libx264", "aac"])
                ]
            )
            _ = try await stranger.call(Register.self, Register.Request(worker: worker, held: []))
            _ = try await stranger.call(Heartbeat.self, beat)
            let admin = try await harness.connect(.admin)
            let remove = WorkerSet.Request(name: "w1", action: .remove, reason: "test")
            let removed = try await admin.call(WorkerSet.self, remove).results
            #expect(removed.map(\.code) == [.known(.ok)])
            // Its connection is closed with that code; the agent connects and registers anew.
            await #expect(throws: RPCError.self) {
                for _ in 0..<1_000 { _ = try await stranger.call(Heartbeat.self, beat) }
            }
            let (back, _) = try await harness.worker("w1")
            _ = try await back.call(Heartbeat.self, beat)
            let submitter = try await harness.connect(.submitter)
            _ = try await submitter.submit([DaemonHarness.item("a")])
            #expect(try await back.assignment().attempt == AttemptNumber(1))
        }
    }

    // Lesson 31: so also one whose encode goes on while the scheduler has lost its row: it comes
    // back with the attempt, and goes on with it.
    @Test func aForgottenWorkerGoesOnWithItsEncode() async throws {
        let folder = DaemonHarness.temporaryFolder()
        defer { DaemonHarness.remove(folder) }
        let first = try await DaemonHarness.start(in: folder)
        let assignment = try await first.running("a", on: "w1").assignment
        await first.stop()
        var gone = StoreBatch()
        gone.workersRemoved = ["w1"]
        // Full jitter may make the wait as good as none: this one lasts.
        let retry = RetryPolicy(backoffFirst: .seconds(200), jitter: .none)
        let harness = try await DaemonHarness.start(
            in: folder,
            policy: SchedulerPolicy(retry: retry),
            stored: gone
        )
        let held = HeldAttempt(
            id: assignment.id,
            attempt: assignment.attempt,
            phase: .known(.running)
        )
        let (back, answer) = try await harness.worker("w1", held: [held])
        #expect(answer.verdicts.map(\.kind) == [.known(.adopt)])
        var adopted = assignment
        adopted.attempt = try #require(answer.verdicts.first?.attempt)
        #expect(adopted.attempt == AttemptNumber(2))
        #expect(try await back.report(adopted, Self.end).code == .known(.ok))
        let reader = try await harness.connect(.submitter)
        #expect(try await reader.job(adopted.number).state == .known(.completed))
        await harness.stop()
    }
}
