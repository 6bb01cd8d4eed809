// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork workers

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// The fleet: its subcommands.
struct Workers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The fleet: list, show, drain, resume, remove.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork workers
            """
        ),
        subcommands: [
            WorkersList.self, WorkersShow.self, WorkersDrain.self, WorkersResume.self,
            WorkersRemove.self,
        ],
        defaultSubcommand: WorkersList.self
    )
}
