// SPDX-License-Identifier: Apache-2.0
// Reelwork: the program

import ArgumentParser
import Glibc

/// The program: finds the subcommand, runs it, and ends with its exit code.
@main
struct Reelwork: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reelwork",
        abstract: "Schedules FFmpeg and GStreamer jobs over a fleet of workers.",
        discussion: HelpText.flowing(
            """
            A scheduler, a worker and a job:

              reelwork serve --data /var/lib/reelwork
              export REELWORK_CONNECT=unix:/var/lib/reelwork/reelwork.sock
              reelwork worker
              reelwork submit --input film.mp4 --output film.mkv --set crf=22 --wait

            `reelwork demo` shows all of it in a temporary folder.

            Exit codes: 0 done, 1 failed, 2 usage, 3 a job that was waited for failed, 4 was
            canceled, 5 was rejected, 69 no scheduler, 70 the store failed, 77 not permitted.
            """
        ),
        version: Program.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Run",
                subcommands: [Serve.self, WorkerRun.self, Import.self, Demo.self]
            ),
            CommandGroup(
                name: "Jobs",
                subcommands: [Submit.self, Jobs.self, JobCommands.self, QueueCommands.self]
            ),
            CommandGroup(
                name: "Fleet",
                subcommands: [Workers.self, Engines.self, Auth.self, Admin.self]
            ),
        ]
    )

    static func main() async {
        Output.open()
        do throws(CommandFailure) {
            try Program.checkArguments()
            try Program.checkSubcommand()
        } catch {
            Program.end(error)
        }
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            Program.end(error)
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Program.end(error)
        }
        Output.close()
        Glibc.exit(CommandStatus.done.rawValue)
    }
}
