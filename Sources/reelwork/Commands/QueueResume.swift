// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork queue resume

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Hand out the jobs of a paused queue again.
struct QueueResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Hand out the jobs of a paused queue again.",
        discussion: HelpText.flowing(
            """
            A queue that is not paused stays as it is.

            Example:
              reelwork queue resume batch --reason "the film archive is back"
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The queue: live, default or batch.", transform: NamedValue.queue)
    var queue: JobQueue
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        try await QueueChange(queue: queue, isPaused: false, reason: reason.reason)
            .run(on: connection, isJSON: style.json)
    }
}
