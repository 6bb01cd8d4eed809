// SPDX-License-Identifier: Apache-2.0
// Reelwork: commands and a scheduler that is silent

import Glibc
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: no command hangs where a scheduler takes the connection and says nothing: it ends in
    /// the time that its help names, with what to do and the status of one that is not there.
    ///
    /// Method: the real scheduler, stopped, which does not even say hello; and one of the tests
    /// that shakes hands and answers no request.
    @Suite(.timeLimit(.minutes(1)))
    struct SilenceTests {
        /// One command of each way to ask.
        private static func commands(_ house: House) -> [[String]] {
            let files = ["--input", "\(house.media)/a.in", "--output", "\(house.media)/a.mp4"]
            return [
                ["jobs"], ["submit"] + files, ["job", "show", "1"], ["job", "history", "1"],
                ["job", "log", "1"], ["job", "cancel", "1", "--reason", "r"], ["workers", "list"],
                ["workers", "show", "w"], ["admin", "loops"], ["admin", "metrics"],
                ["admin", "check"], ["admin", "history", "1"],
                ["admin", "recover", "1", "--reason", "r"],
                ["admin", "fail", "1", "--reason", "r"],
            ]
        }

        /// Starts all commands at once, and expects of each that it is given up.
        private static func expectEnds(
            _ house: House,
            _ more: (_ isAdmin: Bool) -> [String],
            within limit: Duration,
            _ words: [String]
        ) async throws {
            let runs = try commands(house).map { command in
                try house.start(command + more(command[0] == "admin"), name: "command")
            }
            for (run, command) in zip(runs, commands(house)) {
                let ending = try await run.end(within: limit)
                #expect(ending == .exited(69), "\(command): \(run.output)\(run.errors)")
                for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
            }
        }

        @Test func aStoppedSchedulerIsGivenUpBeforeHello() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                try house.write("a film", to: "a.in")
                scheduler.signal(SIGSTOP)
                // 5 s for the handshake; the rest is for fourteen programs on a slow machine.
                try await Self.expectEnds(
                    house,
                    { _ in [] },
                    within: Limits.handshakeTime + .seconds(15),
                    ["no sign of life"]
                )
                scheduler.signal(SIGCONT)
                #expect(try await house.reelwork(["jobs"]).status == 0)
            }
        }

        @Test func aSchedulerThatAnswersNoRequestIsGivenUp() async throws {
            try await House.open { house in
                try house.write("a film", to: "a.in")
                try await MuteScheduler.run(house) {
                    try await Self.expectEnds(
                        house,
                        { isAdmin in
                            let admin = ["--socket", house.path + "/admin"]
                            let other = ["--connect", "unix:" + house.path + "/mute"]
                            return (isAdmin ? admin : other) + ["--answer-within", "1s"]
                        },
                        within: .seconds(15),
                        ["no answer within 1s", "--answer-within"]
                    )
                }
                let help = try await house.reelwork(["jobs", "--help"])
                #expect(help.output.contains("--answer-within"))
                #expect(help.output.contains("\(Limits.commandAnswerTime.words)"))
            }
        }
    }
}
