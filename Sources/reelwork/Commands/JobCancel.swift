// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job cancel

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Cancels jobs.
struct JobCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs; running encoders are stopped.",
        discussion: HelpText.flowing(
            """
            Canceling a job again does nothing.

            Example:
              reelwork job cancel 12 13 --reason "wrong film"
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(
        help: ArgumentHelp("The jobs: numbers or ids.", valueName: "job"),
        transform: JobArgument.read
    )
    var jobs: [JobArgument]
    @Option(help: "Why; it lands in the history.")
    var reason = "canceled by the user"
    @OptionGroup var style: OutputOptions

    func validate() throws {
        guard reason.utf8.count <= Limits.reasonBytesMax else {
            throw ValidationError("--reason has more than \(Limits.reasonBytesMax) bytes")
        }
    }

    func run() async throws {
        let client = try await connection.client()
        let results = try await client.cancel(jobs.map(\.ref), reason: reason)
        await client.close()
        var isDone = true
        for (job, result) in zip(jobs, results) {
            let isCanceled = result.code.value?.isSuccess == true
            let number = result.number ?? job.number
            let name = number.map { "\($0)" } ?? job.text
            isDone = isDone && isCanceled
            if style.json {
                Output.json(
                    .members([
                        "number": number.map { .count($0.rawValue) } ?? .null,
                        "state": .optional(result.state?.name),
                        "error": isCanceled ? .null : .string(result.words),
                    ])
                )
            } else if isCanceled {
                Output.line("\(name)  \(result.state?.name ?? JobState.canceled.name)")
            } else {
                Output.error("reelwork: \(ShownLine.escaped("\(name): \(result.words)"))")
            }
        }
        if !isDone { throw ExitCode(CommandStatus.failed.rawValue) }
    }
}

extension ItemResult {
    /// Why it was refused, in words.
    var words: String {
        if let detail, !detail.isEmpty { return detail }
        return code.value == .notFound
            ? "there is no such job; see `reelwork jobs`" : "the scheduler answered \(code.name)"
    }
}
