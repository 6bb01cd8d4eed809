// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork auth list

import ArgumentParser
import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// Lists what was given out.
struct AuthList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the certificates and tokens that were given out.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork auth list --dir /var/lib/reelwork/auth
            """
        )
    )

    @OptionGroup var options: AuthOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let folder = try options.folder()
        let records = try folder.book().records
        if style.json {
            for record in records { Output.json(.object(RecordText.members(record))) }
            return
        }
        guard !records.isEmpty else {
            Output.line("nothing was given out yet; see `reelwork auth --help`")
            return
        }
        let now = SystemClock.wall()
        var table = TextTable("KIND", "NAME", "ROLE", "STATE", "EXPIRES", "ID")
        for record in records {
            let state = RecordText.state(record, now: now)
            table.add(
                [
                    record.kind.rawValue, record.name, record.roleName, state,
                    record.expires?.text ?? "never", record.id,
                ],
                styles: [3: state == RecordText.good ? .green : .red]
            )
        }
        table.print()
    }
}
