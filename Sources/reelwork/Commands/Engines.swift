// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork engines

import ArgumentParser

/// The engines: its subcommands.
struct Engines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The engines: list, probe, explain.",
        discussion: HelpText.flowing(
            """
            None of these needs a scheduler.

            Example:
              reelwork engines explain --input film.mov --output film.mp4
            """
        ),
        subcommands: [EnginesList.self, EnginesProbe.self, EnginesExplain.self],
        defaultSubcommand: EnginesList.self
    )
}
