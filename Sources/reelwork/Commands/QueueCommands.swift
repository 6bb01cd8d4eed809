// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork queue

import ArgumentParser

/// A queue: its subcommands.
struct QueueCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "A queue: pause, resume.",
        discussion: HelpText.flowing(
            """
            The queues are live, default and batch.

            Example:
              reelwork queue pause batch --reason "the film archive is being moved"
            """
        ),
        subcommands: [QueuePause.self, QueueResume.self]
    )
}
