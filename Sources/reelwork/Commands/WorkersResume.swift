// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork workers resume

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Give a worker work again.
struct WorkersResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Give a worker work again.",
        discussion: HelpText.flowing(
            """
            Ends a drain, and a cordon of the scheduler's own.

            Example:
              reelwork workers resume encoder-1 --reason "the disks are in"
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The worker's name.")
    var name: String
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        try await WorkerChange(name: name, action: .resume, reason: reason.reason)
            .run(on: connection, isJSON: style.json)
    }
}
