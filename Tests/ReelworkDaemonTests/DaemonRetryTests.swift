// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job that is run once more, over a socket

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: RETRY_JOB makes a new job of an ended one, once for a key, also after a restart.
///
/// Method: a real daemon on SQLite and Unix sockets.
@Suite(.timeLimit(.minutes(1)))
struct DaemonRetryTests {
    private func retry(
        _ connection: RPCConnection,
        _ ref: JobRef,
        key: String
    ) async throws -> ItemResult {
        let request = RetryJob.Request(
            jobs: [RetryJob.Item(ref: ref, key: key)],
            reason: "disk is back"
        )
        return try #require(try await connection.call(RetryJob.self, request).results.first)
    }

    @Test func anEndedJobIsRunOnceMoreAndOnceForAKey() async throws {
        try await DaemonHarness.open { harness -> [JobNumber] in
            let submitter = try await harness.connect(.submitter)
            let job = try #require(try await submitter.submit([DaemonHarness.item("a")]).first)
            let live = try await retry(submitter, .number(job.number), key: "r")
            #expect(live.code == .known(.precondition) && live.state == .known(.queued))
            let none = try await retry(submitter, .number(JobNumber(99)), key: "r")
            #expect(none.code == .known(.notFound))
            _ = try await submitter.call(
                CancelJob.self,
                CancelJob.Request(refs: [.number(job.number)], reason: "")
            )
            let result = try await retry(submitter, .id(job.id), key: "r")
            #expect(result.code == .known(.ok) && result.state == .known(.queued))
            return [job.number, try #require(result.number)]
        } second: { harness, numbers in
            let submitter = try await harness.connect(.submitter)
            let view = try await submitter.job(numbers[1])
            #expect(view.retryOf == numbers[0] && view.state == .known(.queued))
            #expect(view.input == "/in/a.mov")
            let again = try await retry(submitter, .number(numbers[0]), key: "r")
            #expect(again.code == .known(.okExists) && again.number == numbers[1])
            let other = try await retry(submitter, .number(numbers[0]), key: "key-a")
            #expect(other.code == .known(.keyConflict))
            let (worker, _) = try await harness.worker("w1")
            #expect(try await worker.assignment().number == numbers[1])
            let history = try await submitter.call(
                History.self,
                History.Request(ref: .number(numbers[1]), afterSequence: 0, limit: 1)
            )
            #expect(history.moves.first?.reason == "Retry of job \(numbers[0]): disk is back")
        }
    }
}
