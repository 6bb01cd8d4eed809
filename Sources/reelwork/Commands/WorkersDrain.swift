// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork workers drain

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Give a worker no more work.
struct WorkersDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Give a worker no more work.",
        discussion: HelpText.flowing(
            """
            What it runs goes on; with --within, what has not ended by then is handed back and runs
            elsewhere. It gets work again with `reelwork workers resume`.

            Example:
              reelwork workers drain encoder-1 --within 10m --reason "new disks"
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The worker's name.")
    var name: String
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Hand back what has not ended by then.", valueName: "time"),
        transform: DurationText.argument
    )
    var within: Duration?
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        try await WorkerChange(name: name, action: .drain(within: within), reason: reason.reason)
            .run(on: connection, isJSON: style.json)
    }
}
