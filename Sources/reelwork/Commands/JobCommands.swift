// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job

import ArgumentParser

/// One job: its subcommands.
struct JobCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "One job: show, watch, why, cancel, retry, bump, history, log.",
        discussion: HelpText.flowing(
            """
            A job is named by its number, `12` or `#12`, or by its whole id.

            Example:
              reelwork job show 12
            """
        ),
        subcommands: [
            JobShow.self, JobWatcher.self, JobWhy.self, JobCancel.self, JobRetry.self,
            JobBumper.self, JobHistory.self, JobLogs.self,
        ]
    )
}
