// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job why

import ArgumentParser
import ReelworkClient
import ReelworkCore
import ReelworkSystem

/// Says why a job stands where it does.
struct JobWhy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a job stands where it does, and what can change that.",
        discussion: HelpText.flowing(
            """
            For a job that waits: what for, its place among the waiting jobs of its tenant, the
            workers that were considered and what each lacks. For one that runs: how far it is and
            when its time is over. For one that has ended: why, and whether it is tried again. The
            first line is the answer; next is the next time at which anything can change by itself.

            Example:
              reelwork job why 12
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The job: a number, 12 or #12, or an id.", transform: JobArgument.read)
    var job: JobArgument
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let standing = try await client.why(job.ref)
        await client.close()
        if style.json { return Output.json(.standing(standing)) }
        let text = StandingText(standing, now: SystemClock.wall())
        for line in text.lines(on: .output) { Output.line(line) }
    }
}
