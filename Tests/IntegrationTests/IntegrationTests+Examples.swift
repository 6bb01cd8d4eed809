// SPDX-License-Identifier: Apache-2.0
// Reelwork: the examples of the client library do what their articles say

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: the two programs that the library's articles show do what is said of them.
    ///
    /// Method: the built examples against a real scheduler, one that is killed meanwhile as well.
    @Suite(.timeLimit(.minutes(1)))
    struct ExampleTests {
        private static func run(
            _ house: House,
            _ program: String,
            _ arguments: [String],
            reading list: String = "/dev/null"
        ) throws -> ProgramRun {
            // The shell only opens the list; what it runs takes its place.
            try house.startProgram(
                "/bin/sh",
                ["-c", #"list=$1; shift; exec "$@" <"$list""#, "sh", list]
                    + [try Programs.path(program)] + arguments,
                name: program
            )
        }

        @Test func theFilmIsEncodedAndWatchedAlsoOverASchedulersDeath() async throws {
            try await House.open { house in
                let serve = try await house.serve()
                try await house.worker("w1")
                try house.write("fake MS=2000", to: "film.in")
                let arguments = [
                    house.endpoint, house.media + "/film.in", house.media + "/film.mp4",
                ]
                let film = try Self.run(house, "reelwork-example-film", arguments)
                try await eventually("the job running") { film.output.contains("is running") }
                #expect(film.ending == nil)
                serve.signal(SIGKILL)
                _ = try await serve.end()
                try await house.serve()
                #expect(try await film.end(within: .seconds(40)) == .exited(0), "\(film.output)")
                for state in ["running", "completed"] {
                    #expect(
                        film.output.split(separator: "\n").count { $0.contains(" is \(state)") }
                            == 1,
                        "\(film.output)"
                    )
                }
                #expect(house.read("film.mp4")?.hasPrefix("fake-film") == true)
                let again = try Self.run(house, "reelwork-example-film", arguments)
                #expect(try await again.end() == .exited(0), "\(again.output)")
                #expect(again.output.contains("has ended: completed"), "\(again.output)")
                let client = try await house.client()
                #expect(try await client.jobs().jobs.count == 1)
                await client.close()
            }
        }

        @Test func aListOfThousandsIsSubmittedOnceAndReported() async throws {
            try await House.open { house in
                try await house.serve()
                let lines = (1...5_000).map { "/in/\($0).mov\t/out/\($0).mp4\n" }.joined()
                try house.write(lines + "/in/bad.mov\t/out/bad.xyz\n", to: "films.tsv")
                for (new, known) in [(5_000, 0), (0, 5_000)] {
                    let run = try Self.run(
                        house,
                        "reelwork-example-list",
                        ["unix:\(house.path)/nobody", house.endpoint],
                        reading: house.media + "/films.tsv"
                    )
                    // One of the list is refused, and said to be.
                    #expect(try await run.end() == .exited(1), "\(run.output)\(run.errors)")
                    #expect(run.output.contains("/out/bad.xyz was refused: "), "\(run.output)")
                    #expect(
                        run.output.hasSuffix("\(new) new, \(known) known, 1 refused\n"),
                        "\(run.output)"
                    )
                }
            }
        }
    }
}
