// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin fail

import ArgumentParser
import ReelworkClient

/// End jobs that have not ended as failed.
struct AdminFail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fail",
        abstract: "End jobs that have not ended as failed.",
        discussion: HelpText.flowing(
            """
            A running encoder is stopped; nothing is published.

            Example:
              reelwork admin fail 12 --reason "the source is gone"
            """
        )
    )

    @OptionGroup var connection: AdminOptions
    @Argument(
        help: ArgumentHelp("The jobs: numbers or ids.", valueName: "job"),
        transform: JobArgument.read
    )
    var jobs: [JobArgument]
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        try await ForcedMove(action: .fail, reason: reason.reason, isJSON: style.json)
            .run(.jobs(jobs.map(\.ref)), names: jobs.map(\.text), on: connection)
    }
}
