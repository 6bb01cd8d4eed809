// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin

import ArgumentParser

/// The admin channel: its subcommands.
struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The admin channel: metrics, history, forced recovery, loops, check.",
        discussion: HelpText.flowing(
            """
            Speaks to the scheduler's admin socket, --socket or $REELWORK_ADMIN, which only its own
            user and root may open. Every change asks for --reason, and every move that it makes
            lands in the job's history with your user id.

            Example:
              reelwork admin recover --worker encoder-7 --reason "host is on fire" \\
                --socket /var/lib/reelwork/admin.sock
            """
        ),
        subcommands: [
            AdminMetrics.self, AdminHistory.self, AdminRecover.self, AdminRequeue.self,
            AdminFail.self, AdminLoops.self, AdminLoop.self, AdminCheck.self,
        ]
    )

    /// May stand before the subcommand or behind it.
    @OptionGroup var connection: AdminOptions
}
