// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job retry

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Runs ended jobs once more.
struct JobRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Run ended jobs once more, each as a new job.",
        discussion: HelpText.flowing(
            """
            The new job does what the old one was to do and names it; the old one stays as it is.
            An output that stands already is written over only where the old job had --overwrite.

            With --wait it ends with 0 completed, 3 failed, 4 canceled or 5 rejected.

            Example:
              reelwork job retry 12 --reason "the disk is back" --wait
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
    @Flag(help: "Wait until the new jobs have ended, and show how far they are.")
    var wait = false
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let results = try await client.retry(jobs.map(\.ref), reason: remark.reason)
        var accepted: [JobNumber] = []
        for (job, result) in zip(jobs, results) {
            if style.json { Output.json(JobRetry.json(job, result)) }
            if let number = JobRetry.accepted(result) {
                accepted.append(number)
                if !style.json { Output.line("\(number)  retry of \(job.shown)") }
            } else if !style.json {
                Output.error("reelwork: \(ShownLine.escaped("\(job.shown): \(result.words)"))")
            }
        }
        var status = accepted.count < jobs.count ? CommandStatus.failed : .done
        if wait, !accepted.isEmpty {
            let again = accepted.count == 1 ? "\(accepted[0].rawValue)" : "NUMBER"
            let follower = JobFollower(
                client: client,
                style: style.json ? .json : .text,
                farewell: "the jobs go on; see `reelwork job watch \(again)`"
            )
            let board = try await follower.follow(accepted.map { .number($0) })
            if status == .done { status = board.status }
        }
        await client.close()
        guard status == .done else { throw ExitCode(status.rawValue) }
    }

    /// The new job's number; nil where there is none.
    static func accepted(_ result: ItemResult) -> JobNumber? {
        result.code.value?.isSuccess == true ? result.number : nil
    }

    static func json(_ job: JobArgument, _ result: ItemResult) -> JSONValue {
        let number = accepted(result)
        var members: KeyValuePairs<String, JSONValue> = [:]
        if let number {
            members = [
                "number": .count(number.rawValue), "retry_of": job.json,
                "state": .optional(result.state?.name), "created": .bool(result.code.value == .ok),
            ]
        } else {
            members = [
                "number": .null, "retry_of": job.json, "state": .null, "created": .bool(false),
                "error": .string(result.words),
            ]
        }
        return .members(members)
    }
}
