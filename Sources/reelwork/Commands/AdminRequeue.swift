// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin requeue

import ArgumentParser
import ReelworkClient

/// Put jobs that have not ended back into the queue, now.
struct AdminRequeue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requeue",
        abstract: "Put jobs that have not ended back into the queue, now.",
        discussion: HelpText.flowing(
            """
            Skips the wait of a retry and that for --not-before; a running encoder is stopped
            first. A job that is queued and waits for nothing stays as it is.

            Example:
              reelwork admin requeue 12 --reason "try it right away"
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
        try await ForcedMove(action: .requeue, reason: reason.reason, isJSON: style.json)
            .run(.jobs(jobs.map(\.ref)), names: jobs.map(\.text), on: connection)
    }
}
