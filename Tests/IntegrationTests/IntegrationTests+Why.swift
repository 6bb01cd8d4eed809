// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does, asked of real programs

import Foundation
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: `reelwork job why` answers in every state, for people and for programs.
    ///
    /// Method: a scheduler, workers with the fake engine, and the command.
    @Suite(.timeLimit(.minutes(1)))
    struct WhyTests {
        /// What programs are told of a job.
        private struct Told: Decodable {
            struct Reason: Decodable {
                var code: String
                var text: String
                var workers: Int
            }

            struct Worker: Decodable {
                var name: String
                var code: String
            }

            var number: UInt64
            var state: String
            var reasons: [Reason]
            var place: UInt64?
            var nextAt: String?
            var workers: [Worker]
            var workersCut: Bool
        }

        private func told(_ house: House, _ job: String) async throws -> Told {
            let answer = try await house.reelwork(["job", "why", job, "--json"])
            try #require(answer.status == 0, "\(answer)")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Told.self, from: Data(answer.output.utf8))
        }

        @Test func aJobIsExplainedFromItsSubmissionToItsEnd() async throws {
            try await House.open { house in
                try await house.serve()
                let client = try await house.client()
                let first = try await house.submit(client, "fake MS=60000", "a")
                let second = try await house.submit(client, "fake MS=5", "b")
                let alone = try await house.reelwork(["job", "why", "#\(second.rawValue)"])
                #expect(alone.status == 0 && alone.errors.isEmpty, "\(alone)")
                let lines = alone.output.split(separator: "\n")
                #expect(lines.first == "#2 is queued", "\(alone)")
                #expect(alone.output.contains("why     no worker has registered; start one with"))
                #expect(alone.output.contains("\nplace   2 among its tenant's waiting jobs\n"))
                #expect(alone.output.contains("Z, in 9m"), "\(alone)")

                try await house.worker("w1")
                try await house.wait(client, first, .running)
                let running = try await told(house, "1")
                #expect(running.state == "running" && running.number == 1)
                #expect(["running", "encoding"].contains(running.reasons[0].code))
                #expect(running.reasons[0].text.hasPrefix("w1 has it (attempt 1)"))
                #expect(running.nextAt != nil && running.workers.isEmpty)

                let waiting = try await told(house, "2")
                #expect(waiting.reasons.map(\.code) == ["busy"] && waiting.place == 1)
                #expect(waiting.workers.map(\.name) == ["w1"] && !waiting.workersCut)
                let table = try await house.reelwork(["job", "why", "2"])
                #expect(table.output.contains("\nw1      is full (slot: 1 of 1 used"), "\(table)")

                _ = try await house.reelwork(["job", "cancel", "1", "--reason", "no more"])
                try await house.wait(client, second, .completed)
                let canceled = try await told(house, "1")
                #expect(canceled.reasons.map(\.code) == ["user_canceled"])
                #expect(canceled.reasons[0].text.hasSuffix(": no more"))
                #expect(try await told(house, "2").reasons.map(\.code) == ["completed"])
                await client.close()
            }
        }

        @Test func aFailedJobSaysWhyAndThatItIsNotTriedAgain() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                let bad = try await house.submit(client, "no film at all", "bad")
                try await house.wait(client, bad, .failed)
                let answer = try await told(house, "1")
                #expect(answer.reasons.map(\.code) == ["failed", "not_retriable"])
                #expect(answer.reasons[0].text.contains("input_error"), "\(answer.reasons)")
                let text = try await house.reelwork(["job", "why", "1"])
                #expect(text.output.hasPrefix("#1 is failed\nwhy     it failed, input_error: "))
                #expect(text.output.contains("`reelwork job retry 1`"), "\(text)")

                // One that is tried again says when, and what happened.
                let crash = try await house.submit(client, "fake EXIT=1", "crash")
                try await house.wait(client, crash, .retrying)
                let retrying = try await told(house, "2")
                #expect(retrying.state == "retrying")
                #expect(retrying.reasons.map(\.code) == ["backoff", "failed_before"])
                #expect(retrying.reasons[1].text.contains("runtime_error"))
                #expect(retrying.nextAt != nil)
                await client.close()
            }
        }

        @Test func aJobThatIsNotThereAndANameThatIsNoneAreMistakes() async throws {
            try await House.open { house in
                try await house.serve()
                let none = try await house.reelwork(["job", "why", "99"])
                #expect(none.status == 1 && none.output.isEmpty, "\(none)")
                #expect(none.errors.contains("there is no such job"), "\(none)")
                let word = try await house.reelwork(["job", "why", "twelve"])
                #expect(word.status == 2, "\(word)")
            }
        }
    }
}
