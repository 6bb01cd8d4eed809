// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job watch

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Watches jobs until they have ended.
struct JobWatcher: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch jobs until they have ended.",
        discussion: HelpText.flowing(
            """
            Ends with 0 completed, 3 failed, 4 canceled or 5 rejected. Ctrl-C ends the watching;
            the job goes on.

            Example:
              reelwork job watch 12 13
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(
        help: ArgumentHelp("The jobs: numbers or ids.", valueName: "job"),
        transform: JobArgument.read
    )
    var jobs: [JobArgument]
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let follower = JobFollower(client: client, style: style.json ? .json : .text)
        let board = try await follower.follow(jobs.map(\.ref))
        await client.close()
        guard board.status == .done else { throw ExitCode(board.status.rawValue) }
    }
}
