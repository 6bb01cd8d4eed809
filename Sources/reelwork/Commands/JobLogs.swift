// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job log

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Shows what a job's encoder said.
struct JobLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show the end of what a job's encoder said.",
        discussion: HelpText.flowing(
            """
            The last 64 KiB of its standard error: kept with the job when it ends, asked of its
            worker while it runs. On a terminal control bytes are escaped; into a pipe or file the
            bytes go as they are.

            Example:
              reelwork job log 12
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The job: a number, 12 or #12, or an id.")
    var job: JobArgument
    @Option(help: ArgumentHelp("Which attempt (default: the last one).", valueName: "number"))
    var attempt: UInt32?
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let part = try await client.log(
            job.ref,
            attempt: attempt.map { AttemptNumber($0) } ?? .none
        )
        await client.close()
        let text = String(decoding: part.bytes, as: UTF8.self)
        if style.json {
            Output.json(
                .members([
                    "offset": .count(part.offset), "next": .count(part.next), "text": .string(text),
                ])
            )
        } else if Terminal.output.isInteractive {
            if part.bytes.isEmpty { Output.error("the encoder has said nothing") }
            // A carriage return is how programs draw a line again: here each is a line.
            let lines = ShownLine.lines(
                text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            )
            let isClosed = lines.last?.isEmpty ?? true
            Output.text(lines.joined(separator: "\n") + (isClosed ? "" : "\n"))
        } else {
            Output.bytes(part.bytes)
        }
    }
}
