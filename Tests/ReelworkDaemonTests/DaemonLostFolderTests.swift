// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler whose data folder is taken away

import Foundation
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkStore
import Testing

/// Goal: a scheduler whose files are removed or moved under it ends, rather than accept what its
/// next start would not find.
///
/// Method: a real scheduler and store; the folder is moved away while it runs.
@Suite(.timeLimit(.minutes(1)))
struct DaemonLostFolderTests {
    /// A running scheduler, the folder of its store alone, and what it says when it must end.
    private func open(
        health: Duration,
        _ body: (DaemonHarness, String, AsyncStream<StoreError>) async throws -> Void
    ) async throws {
        let (ends, source) = AsyncStream<StoreError>.makeStream(bufferingPolicy: .unbounded)
        let data = DaemonHarness.temporaryFolder()
        defer { DaemonHarness.remove(data) }
        let store = try SQLiteJobStore(folder: data)
        let harness = try await DaemonHarness.start(
            loops: LoopIntervals(health: health),
            store: store,
            exit: { source.yield($0) }
        )
        defer { harness.remove() }
        do {
            try await body(harness, data, ends)
        } catch {
            await harness.stop()
            throw error
        }
        await harness.stop()
    }

    private func isGone(_ ends: AsyncStream<StoreError>) async -> Bool {
        for await error in ends {
            guard case .gone(let text) = error else { return false }
            return text.contains("reelwork.db") && text.contains("--data")
        }
        return false
    }

    @Test func oneThatWritesNothingNoticesIt() async throws {
        try await open(health: .milliseconds(20)) { harness, data, ends in
            try FileManager.default.removeItem(atPath: data)
            #expect(await isGone(ends))
        }
    }

    // The health loop has no turn here: the commit itself must find out.
    @Test func noJobIsAcceptedThatANewStartWouldNotFind() async throws {
        try await open(health: .seconds(3_600)) { harness, data, ends in
            let submitter = try await harness.connect(.submitter)
            let first = try await submitter.submit([DaemonHarness.item("kept")])
            #expect(first.first?.code == .known(.ok))
            let away = data + ".away"
            defer { DaemonHarness.remove(away) }
            try FileManager.default.moveItem(atPath: data, toPath: away)
            let lost = Task { try await submitter.submit([DaemonHarness.item("lost")]) }
            #expect(await isGone(ends))
            // The program has ended by now; here the answer never comes.
            await harness.stop()
            await #expect(throws: (any Error).self) { try await lost.value }
        }
    }
}
