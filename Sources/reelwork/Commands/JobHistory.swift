// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job history

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Shows a job's history.
struct JobHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show every move that a job made.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork job history 12
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The job: a number, 12 or #12, or an id.", transform: JobArgument.read)
    var job: JobArgument
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let moves = try await client.history(job.ref)
        await client.close()
        JobHistory.show(moves, isJSON: style.json)
    }

    /// Prints moves.
    static func show(_ moves: [Move], isJSON: Bool) {
        if isJSON {
            for move in moves { Output.json(.move(move)) }
        } else {
            HistoryTable.table(moves).print()
        }
    }
}
