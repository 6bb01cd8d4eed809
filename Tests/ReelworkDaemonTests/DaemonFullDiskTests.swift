// SPDX-License-Identifier: Apache-2.0
// Reelwork: the daemon while its disk is full

import Dispatch
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: while the disk is full whoever looks and whoever lives is answered, changes are refused as
/// read-only, nothing that waited is lost, and all goes on by itself when there is room.
///
/// Method: a real daemon and store; the test says when the disk is full.
@Suite(.timeLimit(.minutes(1)))
struct DaemonFullDiskTests {
    /// Runs a test with a daemon whose store can be filled.
    private func open(
        _ body: (DaemonHarness, SickStore) async throws -> Void
    ) async throws {
        let folder = DaemonHarness.temporaryFolder()
        defer { DaemonHarness.remove(folder) }
        var made: SickStore?
        let harness = try await DaemonHarness.start(in: folder) { store in
            let full = SickStore(store)
            made = full
            return full
        }
        let store = try #require(made)
        do {
            try await body(harness, store)
        } catch {
            await harness.stop()
            throw error
        }
        await harness.stop()
    }

    /// Fills the disk and sends a job that it has no room for; returns what comes of the job when
    /// the daemon knows that it is read-only.
    private func fill(
        _ store: SickStore,
        _ harness: DaemonHarness
    ) async throws -> Task<[SubmitResult], any Error> {
        store.fill(true)
        let submitter = try await harness.connect(.submitter)
        let waiting = Task { try await submitter.submit([DaemonHarness.item("waits")]) }
        for await _ in store.refusals { break }
        #expect(try await readOnly(harness) == 1)
        return waiting
    }

    /// The gauge; an answer comes when nothing is being written or the daemon is read-only.
    private func readOnly(_ harness: DaemonHarness) async throws -> Double? {
        let connection = try await harness.connect(.submitter)
        let request = Metrics.Request(prefix: "")
        let samples = try await connection.call(Metrics.self, request).samples
        return samples.first { $0.name == "reelwork_read_only" }?.value
    }

    private func code<Value>(
        _ body: () async throws -> Value
    ) async -> ResultCode? {
        do {
            _ = try await body()
            return nil
        } catch let error as RPCError {
            guard case .remote(let code) = error.code else { return nil }
            return code.value
        } catch {
            return nil
        }
    }

    @Test func readsAndHeartbeatsAreAnsweredChangesAreNotAndAllGoesOnByItself() async throws {
        try await open { harness, store in
            let (worker, assignment) = try await harness.running("a", on: "w1")
            #expect(try await readOnly(harness) == 0)
            let waiting = try await fill(store, harness)
            let other = try await harness.connect(.submitter)
            #expect(try await other.job(assignment.number).state == .known(.running))
            let workers = try await other.call(
                WorkersList.self,
                WorkersList.Request(name: "", detail: .short, cursor: nil)
            ).workers
            #expect(workers.map(\.name) == ["w1"])
            _ = try await worker.call(
                Heartbeat.self,
                Heartbeat.Request(assignedSeen: 1, open: 1, digest: 0)
            )
            let refused = await code { try await other.submit([DaemonHarness.item("b")]) }
            #expect(refused == .storageReadOnly)
            let unheard = await code {
                try await worker.report(
                    assignment,
                    .finished(nil, ReportItem.Finish(hasNoFile: true))
                )
            }
            #expect(unheard == .storageReadOnly)
            #expect(await code { try await harness.worker("w2") } == .storageReadOnly)
            store.fill(false)
            #expect(try await waiting.value.first?.code == .known(.ok))
            #expect(try await readOnly(harness) == 0)
            #expect(
                try await other.submit([DaemonHarness.item("b")]).first?.code == .known(.ok)
            )
            let told = try await worker.report(
                assignment,
                .finished(nil, ReportItem.Finish(hasNoFile: true))
            )
            #expect(told.code == .known(.ok))
        }
    }

    @Test func aStopDoesNotWaitForRoom() async throws {
        try await open { harness, store in
            let waiting = try await fill(store, harness)
            await harness.stop()
            #expect(await code { try await waiting.value } != .ok)
            #expect(store.ends.suffix(2) == ["checkpoint", "close"])
        }
    }

    // A reader in an old snapshot would keep the write-ahead log from being emptied.
    @Test func theFinalCheckpointComesAfterTheLastRead() async throws {
        try await open { harness, store in
            let submitter = try await harness.connect(.submitter)
            let job = try #require(try await submitter.submit([DaemonHarness.item("a")]).first)
            store.readUntilCheckpoint(atMost: .milliseconds(300))
            let reading = Task { try await submitter.job(job.number) }
            for await _ in store.readsBegun { break }
            await harness.stop()
            _ = try? await reading.value
            #expect(store.ends.suffix(3) == ["read", "checkpoint", "close"])
        }
    }
}
