// SPDX-License-Identifier: Apache-2.0
// Reelwork: credit, digests and reconciliation over the wire

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: a worker is handed no more than its credit ever said, what the two sides hold differently
/// is found by its heartbeat's digest, and a worker that comes again is told what to do with each.
///
/// Method: the real scheduler on Unix sockets; workers are scripted.
@Suite(.timeLimit(.minutes(1)))
struct WorkerFlowTests {
    private func assigned(_ connection: RPCConnection, _ count: Int) async throws -> [Assignment] {
        var all: [Assignment] = []
        for await push in connection.pushes {
            if case .assign(let event) = push { all += event.assignments }
            if all.count >= count { break }
        }
        return all
    }

    @Test func creditIsAbsoluteAndALowerOneIsIgnored() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let (worker, _) = try await harness.worker("w", slots: 8)
        // Said again, and lower: it stays at eight ever.
        worker.send(Credit.self, Credit.Event(assignLimit: 8))
        worker.send(Credit.self, Credit.Event(assignLimit: 2))
        let submitter = try await harness.connect(.submitter)
        _ = try await submitter.submit((0..<10).map { DaemonHarness.item("f-\($0)") })
        let first = try await assigned(worker, 8)
        #expect(Set(first.map(\.number)).count == 8)
        // A slot is free again, and the credit is spent: nothing comes before it rises.
        for assignment in first.prefix(2) {
            let end = ReportItem.Content.finished(nil, ReportItem.Finish(hasNoFile: true))
            #expect(try await worker.report(assignment, end).code == .known(.ok))
        }
        var digest = OpenSetDigest()
        for assignment in first.dropFirst(2) {
            digest.toggle(assignment.number, assignment.attempt)
        }
        _ = try await worker.call(
            Heartbeat.self,
            .init(assignedSeen: 8, open: 6, digest: digest.value)
        )
        let list = try await submitter.call(
            ListJobs.self,
            .init(
                states: [.queued],
                queue: nil,
                worker: "",
                limit: 10,
                cursor: nil,
                detail: .short
            )
        )
        #expect(list.jobs.count == 2)
        worker.send(Credit.self, Credit.Event(assignLimit: 9))
        let ninth = try await worker.assignment()
        #expect(!first.map(\.number).contains(ninth.number))
        await harness.stop()
    }

    // Lesson 23: where the reply to "next job" was lost, the job was leaked.
    @Test func anAssignmentThatTheWorkerLacksIsFoundByItsDigestAndRunsAgain() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let (worker, _) = try await harness.worker("w")
        let submitter = try await harness.connect(.submitter)
        let number = try #require(
            try await submitter.submit([DaemonHarness.item("a")]).first?.number
        )
        let lost = try await worker.assignment()
        #expect(lost.number == number)
        // It has read the ASSIGN and holds nothing: the digest is that of nothing.
        _ = try await worker.call(
            Heartbeat.self,
            .init(assignedSeen: 1, open: 0, digest: 0)
        )
        for await push in worker.pushes {
            guard case .inventory(let request) = push else { continue }
            worker.respond(
                Inventory.self,
                Inventory.Response(assignedSeen: 1, held: []),
                to: request
            )
            break
        }
        worker.send(Credit.self, Credit.Event(assignLimit: 2))
        let again = try await worker.assignment()
        #expect(again.number == number)
        #expect(again.attempt > lost.attempt)
        let view = try await submitter.job(number)
        #expect(view.retryCount == 0, "a lost ASSIGN counts no retry")
        await harness.stop()
    }

    @Test func whoComesAgainIsToldWhatToDoWithEachThatItHolds() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let (worker, _) = try await harness.worker("w", slots: 2)
        let submitter = try await harness.connect(.submitter)
        _ = try await submitter.submit([DaemonHarness.item("a"), DaemonHarness.item("b")])
        let both = try await assigned(worker, 2)
        let (kept, done) = (both[0], both[1])
        #expect(
            try await worker.report(kept, .started(ReportItem.Start())).code == .known(.ok)
        )
        _ = try await submitter.call(
            CancelJob.self,
            .init(refs: [.number(done.number)], reason: "test")
        )
        await worker.abort()
        func held(_ assignment: Assignment, _ id: JobID? = nil) -> HeldAttempt {
            HeldAttempt(
                id: id ?? assignment.id,
                attempt: assignment.attempt,
                phase: .known(.running)
            )
        }
        let stranger = JobID(high: 1, low: 2)
        let (_, answer) = try await harness.worker(
            "w",
            slots: 2,
            held: [held(kept), held(done), held(done, stranger)]
        )
        #expect(answer.verdicts.map(\.kind) == [.known(.keep), .known(.kill), .known(.kill)])
        await harness.stop()
    }

    // What was free when it registered says nothing an hour later.
    @Test func whatAHeartbeatSaysOfTheScratchFolderIsShown() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let (worker, _) = try await harness.worker("w")
        let reader = try await harness.connect(.submitter)
        func free() async throws -> UInt64? {
            let request = WorkersList.Request(name: "w", detail: .short, cursor: nil)
            return try await reader.call(WorkersList.self, request).workers.first?
                .scratchFreeMebibytes
        }
        func beat(_ free: UInt64?) async throws {
            _ = try await worker.call(
                Heartbeat.self,
                .init(assignedSeen: 0, open: 0, digest: 0, scratchFreeMebibytes: free)
            )
        }
        #expect(try await free() == nil)
        try await beat(2_000)
        #expect(try await free() == 2_000)
        try await beat(0)
        #expect(try await free() == 0)
        try await beat(nil)
        #expect(try await free() == 0, "nothing said, nothing changed")
        await harness.stop()
    }
}
