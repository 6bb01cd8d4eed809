// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler whose disk hangs

import Dispatch
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkWire
import Synchronization
import Testing

/// Goal: a commit that hangs costs no worker its session: heartbeats are answered while it is under
/// way, nothing else is, and nobody is declared dead for having heard nothing.
///
/// Method: a real scheduler whose store keeps commits at a gate.
@Suite(.timeLimit(.minutes(1)))
struct DaemonHangingDiskTests {
    private static let policy = SchedulerPolicy(
        heartbeatInterval: .milliseconds(500),
        leaseDuration: .milliseconds(1_500)
    )

    private final class Answered: Sendable {
        let isSo = Atomic<Bool>(false)
    }

    /// Runs a test with a scheduler and its store; the gate is opened whatever comes.
    private func open(
        policy: SchedulerPolicy = SchedulerPolicy(),
        _ body: (DaemonHarness, SickStore) async throws -> Void
    ) async throws {
        var made: SickStore?
        let harness = try await DaemonHarness.start(
            policy: policy,
            loops: LoopIntervals(health: .milliseconds(50))
        ) { store in
            let sick = SickStore(store)
            made = sick
            return sick
        }
        let store = try #require(made)
        defer { harness.remove() }
        do {
            try await body(harness, store)
        } catch {
            store.letGo()
            await harness.stop()
            throw error
        }
        store.letGo()
        await harness.stop()
    }

    /// A heartbeat that must be answered while the gate is shut.
    private func beat(_ worker: RPCConnection) async throws {
        _ = try await worker.call(
            Heartbeat.self,
            Heartbeat.Request(assignedSeen: 0, open: 0, digest: 0),
            timeout: .seconds(20)
        )
    }

    /// Makes the next commit hang, and begins it with a job.
    private func hang(
        _ store: SickStore,
        _ submitter: RPCConnection
    ) async -> Task<[SubmitResult], any Error> {
        store.hold()
        let waiting = Task { try await submitter.submit([DaemonHarness.item("held")]) }
        for await _ in store.writesHeld { break }
        return waiting
    }

    @Test func heartbeatsAreAnsweredAndNothingElseIs() async throws {
        try await open { harness, store in
            let (worker, _) = try await harness.worker("w", slots: 0)
            let submitter = try await harness.connect(.submitter)
            let waiting = await hang(store, submitter)
            let answered = Answered()
            let results = Task {
                defer { answered.isSo.store(true, ordering: .sequentiallyConsistent) }
                return try await waiting.value
            }
            for _ in 0..<3 { try await beat(worker) }
            let isEarly = answered.isSo.load(ordering: .sequentiallyConsistent)
            #expect(!isEarly, "the commit hangs")
            store.letGo()
            #expect(try await results.value.first?.code == .known(.ok))
            try await beat(worker)
        }
    }

    // While the next commit is full no letters are taken; heartbeats are all the same.
    @Test func heartbeatsAreAnsweredWhileTheNextCommitIsFull() async throws {
        try await open { harness, store in
            let (worker, _) = try await harness.worker("w", slots: 0)
            let submitter = try await harness.connect(.submitter)
            let waiting = await hang(store, submitter)
            let full = Task {
                try await submitter.submit(
                    (0..<Limits.commitMovesMax).map { DaemonHarness.item("full-\($0)") }
                )
            }
            let beyond = Task { try await submitter.submit([DaemonHarness.item("beyond")]) }
            // Long enough for all of it to have arrived between two of them.
            for _ in 0..<2_000 { try await beat(worker) }
            store.letGo()
            _ = try await waiting.value
            #expect(try await full.value.allSatisfy { $0.code == .known(.ok) })
            #expect(try await beyond.value.first?.code == .known(.ok))
        }
    }

    @Test func whoWaitsForTheAnswerToItsRegisterIsNotDeadWhenItComes() async throws {
        try await open(policy: Self.policy) { harness, store in
            let (first, _) = try await harness.worker("w1", slots: 0)
            let submitter = try await harness.connect(.submitter)
            let waiting = await hang(store, submitter)
            let second = Task { try await harness.worker("w2", slots: 0).connection }
            let end = ContinuousClock.now + Self.policy.leaseDuration * 2
            while ContinuousClock.now < end { try await beat(first) }
            store.letGo()
            _ = try await waiting.value
            try await beat(second.value)
            try await beat(first)
        }
    }

    // Heartbeats that come while the scheduler reads lie behind what it reads for.
    @Test func nobodyIsDeadForADiskThatHangsInARead() async throws {
        try await open(policy: Self.policy) { harness, store in
            let (worker, _) = try await harness.worker("w", slots: 0)
            let submitter = try await harness.connect(.submitter)
            // Twice the lease.
            store.readUntilCheckpoint(atMost: .seconds(3))
            let canceling = Task {
                try await submitter.call(
                    CancelJob.self,
                    JobsRequest(refs: [.number(JobNumber(7))], reason: "test"),
                    timeout: .seconds(20)
                )
            }
            for await _ in store.readsBegun { break }
            try await beat(worker)
            #expect(try await canceling.value.results.first?.code == .known(.notFound))
            try await beat(worker)
        }
    }
}
