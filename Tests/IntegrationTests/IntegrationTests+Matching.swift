// SPDX-License-Identifier: Apache-2.0
// Reelwork: what jobs take up and workers have, as programs

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: what is said on command lines of needs and capacities decides which jobs run at once,
    /// and what cannot be is said at the start.
    ///
    /// Method: real programs with the fake engine; which encodes overlap is read from its log.
    @Suite(.timeLimit(.minutes(1)))
    struct MatchingTests {
        /// How many encoders ran at once, at most.
        private static func encodesAtOnce(_ house: House) -> Int {
            let encoders = Set(house.fake.encoders)
            var (running, most) = (0, 0)
            for words in house.fake.events {
                guard words.count > 1, let pid = pid_t(words[1]), encoders.contains(pid)
                else { continue }
                running += words[0] == "start" ? 1 : words[0] == "end" ? -1 : 0
                most = max(most, running)
            }
            return most
        }

        @Test func whatIsDeclaredBoundsWhatRunsAtOnce() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1", slots: 4, ["--capacity", "licence=2"])
                for index in 1...5 { try house.write("fake MS=300", to: "\(index).in") }
                try house.write(
                    (1...4).map {
                        #"{"input":"\#($0).in","output":"\#($0).mp4","needs":{"licence":1}}"#
                    }.joined(separator: "\n"),
                    to: "jobs.jsonl"
                )
                let answer = try await house.reelwork(
                    ["submit", "--from", "jobs.jsonl", "--wait"],
                    in: house.media
                )
                #expect(answer.status == 0, "\(answer)")
                let most = Self.encodesAtOnce(house)
                #expect(most == 2, "four slots, and two licences")
                let shown = try await house.reelwork(["workers", "show", "w1"])
                #expect(shown.output.contains("licence 2"), "\(shown)")
                #expect(shown.output.contains("memory_mib"), "\(shown)")
                #expect(shown.output.contains("that of the scheduler"), "\(shown)")
                // More than there is waits, and says for what.
                let waiting = try await house.reelwork(
                    [
                        "submit", "--input", "5.in", "--output", "5.mp4", "--need", "licence=3",
                        "--json",
                    ],
                    in: house.media
                )
                #expect(waiting.status == 0 && waiting.output.contains("queued"), "\(waiting)")
            }
        }

        // Without a flag nothing but slots bounds what runs at once, whatever engines guess.
        @Test func withoutFlagsSlotsDecide() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1", slots: 4)
                for index in 1...4 { try house.write("fake MS=3000", to: "\(index).in") }
                try house.write(
                    (1...4).map {
                        #"{"input":"\#($0).in","output":"\#($0).mp4","#
                            + #""parameters":{"resolution":"8192x8192","bitrate":"1000M"}}"#
                    }.joined(separator: "\n"),
                    to: "jobs.jsonl"
                )
                let answer = try await house.reelwork(
                    ["submit", "--from", "jobs.jsonl", "--wait"],
                    in: house.media
                )
                #expect(answer.status == 0, "\(answer)")
                #expect(Self.encodesAtOnce(house) == 4)
            }
        }

        @Test(arguments: [
            (["--label", "zone=" + String(repeating: "x", count: 100_000)], ["--label", "256"]),
            (["--label", "a=1", "--label", "a=2"], ["\"a\"", "twice"]),
            (["--capacity", "slot=3"], ["--slots"]),
            (["--capacity", "cpu"], ["--capacity"]),
            (["--capacity", "cpu=1", "--capacity", "cpu=2"], ["cpu", "twice"]),
        ])
        func aWorkerThatNoSchedulerTakesDoesNotStart(
            arguments: [String],
            words: [String]
        ) async throws {
            try await House.open { house in
                let answer = try await house.reelwork(
                    ["worker", "--connect", "unix:/nowhere", "--scratch", house.path] + arguments
                )
                #expect(answer.status == 2, "\(answer)")
                for word in words { #expect(answer.errors.contains(word), "\(answer)") }
                #expect(answer.errors.utf8.count < 4_096, "what is too long is shown whole")
            }
        }
    }
}
