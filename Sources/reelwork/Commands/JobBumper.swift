// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job bump

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Puts queued jobs first.
struct JobBumper: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bump",
        abstract: "Put queued jobs before all others of their tenant.",
        discussion: HelpText.flowing(
            """
            They start in the order in which they are named, as soon as a worker has room.

            Example:
              reelwork job bump 12 --reason "the premiere is tonight"
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(
        help: ArgumentHelp("The jobs: numbers or ids.", valueName: "job"),
        transform: JobArgument.read
    )
    var jobs: [JobArgument]
    @OptionGroup var remark: RemarkOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let results = try await client.bump(jobs.map(\.ref), reason: remark.reason)
        await client.close()
        var isDone = true
        for (job, result) in zip(jobs, results) {
            let isBumped = result.code.value?.isSuccess == true
            isDone = isDone && isBumped
            if style.json {
                Output.json(
                    .members([
                        "job": job.json, "bumped": .bool(isBumped),
                        "state": .optional(result.state?.name),
                        "error": isBumped ? .null : .string(result.words),
                    ])
                )
            } else if isBumped {
                Output.line("\(job.shown)  first of its tenant")
            } else {
                Output.error("reelwork: \(ShownLine.escaped("\(job.shown): \(result.words)"))")
            }
        }
        if !isDone { throw ExitCode(CommandStatus.failed.rawValue) }
    }
}
