// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin history

import ArgumentParser
import ReelworkClient

/// Shows a job's history over the admin channel.
struct AdminHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show every move that a job made.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork admin history 12
            """
        )
    )

    @OptionGroup var connection: AdminOptions
    @Argument(help: "The job: a number, 12 or #12, or an id.", transform: JobArgument.read)
    var job: JobArgument
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let moves = try await client.history(job.ref)
        await client.close()
        JobHistory.show(moves, isJSON: style.json)
    }
}
