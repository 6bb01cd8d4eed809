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
            bytes go as they are. An encoder that said nothing has an empty log, which standard
            error names; an attempt that there was not ends with 1.

            Example:
              reelwork job log 12
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The job: a number, 12 or #12, or an id.", transform: JobArgument.read)
    var job: JobArgument
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which attempt (default: the last one).", valueName: "number"),
        transform: CountText.argument(1...Int(UInt32.max))
    )
    var attempt: Int?
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let view = try await client.job(job.ref, withParameters: false)
        if let failure = JobLogs.missing(attempt, of: view) { throw failure }
        let part = try await client.log(
            job.ref,
            attempt: attempt.map { AttemptNumber(UInt32(clamping: $0)) } ?? .none
        )
        await client.close()
        // On standard error, with --json too: nothing is said where nothing was.
        if part.bytes.isEmpty { Output.error(JobLogs.silence(attempt, of: view)) }
        let text = String(decoding: part.bytes, as: UTF8.self)
        if style.json {
            Output.json(
                .members([
                    "offset": .count(part.offset), "next": .count(part.next), "text": .string(text),
                ])
            )
        } else if Terminal.output.isInteractive {
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

    /// Why there can be no log; nil where there may be one.
    static func missing(_ attempt: Int?, of view: JobView) -> CommandFailure? {
        let last = view.attempt.rawValue
        guard last > 0 else {
            let isOver = view.state.value?.isTerminal == true
            return CommandFailure(
                "no encoder has run for \(view.number): it is \(view.state.name)",
                advice: isOver
                    ? "see `reelwork job history \(view.number.rawValue)`"
                    : "see what it waits for: reelwork job watch \(view.number.rawValue)"
            )
        }
        guard let attempt, attempt > Int(last) else { return nil }
        return CommandFailure(
            "\(view.number) has had no attempt \(attempt)",
            advice: last == 1 ? "its only one is 1" : "it has had 1 to \(last)"
        )
    }

    /// What is said of an empty log.
    static func silence(_ attempt: Int?, of view: JobView) -> String {
        let attempt = attempt ?? Int(view.attempt.rawValue)
        let isOpen =
            view.attempt.rawValue == UInt32(clamping: attempt)
            && view.state.value?.isTerminal != true
        return "reelwork: the encoder of \(view.number), attempt \(attempt), "
            + (isOpen ? "has said nothing yet" : "said nothing")
    }
}
