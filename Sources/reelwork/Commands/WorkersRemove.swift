// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork workers remove

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Forget a worker.
struct WorkersRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forget a worker.",
        discussion: HelpText.flowing(
            """
            What it held goes elsewhere. A worker that is alive and holds jobs is not removed: drain
            it first. One that connects again is a new worker.

            Example:
              reelwork workers remove encoder-1 --reason "sold"
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The worker's name.")
    var name: String
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        try await WorkerChange(name: name, action: .remove, reason: reason.reason)
            .run(on: connection, isJSON: style.json)
    }
}
