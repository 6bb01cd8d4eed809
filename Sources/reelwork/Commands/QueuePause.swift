// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork queue pause

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Hand out nothing more of a queue.
struct QueuePause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Hand out nothing more of a queue.",
        discussion: HelpText.flowing(
            """
            What runs goes on, and jobs are accepted; they wait.

            Example:
              reelwork queue pause batch --reason "the film archive is being moved"
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The queue: live, default or batch.", transform: NamedValue.queue)
    var queue: JobQueue
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        try await QueueChange(queue: queue, isPaused: true, reason: reason.reason)
            .run(on: connection, isJSON: style.json)
    }
}
