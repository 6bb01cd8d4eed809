// SPDX-License-Identifier: Apache-2.0
// Reelwork: every figure that the documents state

import ArgumentParser

/// Every figure that the documents state, measured here and now.
@main
struct ReelworkBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reelwork-bench",
        abstract: "Measures the figures that the documents state.",
        discussion: """
            Build it for release, or the figures mean nothing:
              swift run -c release reelwork-bench lives
            Machines are noisy: compare medians and ratios of one run.
            """,
        subcommands: [
            LivesCommand.self, LatencyCommand.self, WireCommand.self, IdleCommand.self,
            PeersCommand.self, DetectCommand.self, SimulateCommand.self, WireServerCommand.self,
            HoldingWorkerCommand.self,
        ]
    )
}
