// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork jobs

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Lists jobs.
struct Jobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List jobs, the newest first.",
        discussion: HelpText.flowing(
            """
            Where there are more, the last line names the cursor for --after; with --json it goes to
            standard error.

            Example:
              reelwork jobs --state running --state queued --limit 20
            """
        )
    )

    @OptionGroup var connection: ConnectOptions

    @Option(
        help: ArgumentHelp(
            "Only jobs in this state; may be repeated (values: "
                + JobState.allCases.map(\.name).joined(separator: ", ") + ").",
            valueName: "state"
        ),
        transform: NamedValue.state
    )
    var state: [JobState] = []

    @Option(
        help: ArgumentHelp(
            "Only jobs of this queue (values: live, default, batch).",
            valueName: "queue"
        ),
        transform: NamedValue.queue
    )
    var queue: JobQueue?

    @Option(help: ArgumentHelp("Only jobs that this worker holds or held.", valueName: "name"))
    var worker: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("At most so many (default: 50).", valueName: "count"),
        transform: CountText.argument(1...1_000_000)
    )
    var limit = 50

    @Option(help: ArgumentHelp("Go on where another list ended.", valueName: "cursor"))
    var after: String?

    @OptionGroup var style: OutputOptions

    func run() async throws {
        var cursor: [UInt8]?
        if let after {
            guard let bytes = Hex.read(after), !bytes.isEmpty else {
                throw CommandFailure.usage(
                    "--after \(after) is no cursor",
                    advice: "give one that a list ended with, or leave it out"
                )
            }
            cursor = bytes
        }
        let client = try await connection.client()
        var jobs: [JobView] = []
        repeat {
            let query = JobQuery(
                states: state,
                queue: queue,
                worker: worker ?? "",
                limit: min(limit - jobs.count, Self.pageMax),
                isOldestFirst: false
            )
            let page = try await client.jobs(query, cursor: cursor, withParameters: style.json)
            for job in page.jobs where style.json { Output.json(.job(job)) }
            jobs += page.jobs
            cursor = page.cursor
        } while cursor != nil && jobs.count < limit
        await client.close()
        show(jobs, cursor)
    }

    private static let pageMax = 500

    private func show(_ jobs: [JobView], _ cursor: [UInt8]?) {
        let more = cursor.map { "more with --after \(Hex.text($0))" }
        if style.json {
            if let more { Output.error(more) }
            return
        }
        guard !jobs.isEmpty else {
            Output.line(
                state.isEmpty && queue == nil && worker == nil && after == nil
                    ? "no jobs yet; submit one with `reelwork submit`" : "no such jobs"
            )
            return
        }
        var table = TextTable(
            ">NUMBER",
            "STATE",
            "QUEUE",
            "ENGINE",
            ">TRY",
            "WORKER",
            ">DONE",
            "CREATED",
            "OUTPUT",
            spare: ["QUEUE", "CREATED", "ENGINE", "TRY", "WORKER"]
        )
        for job in jobs {
            let done = job.progress.map { progress in
                progress.phaseName == JobProgress.encodingName
                    ? progress.permille.map { "\($0 / 10) %" } ?? "" : progress.phaseName
            }
            table.add(
                [
                    "\(job.number)", job.state.name,
                    job.queue.value?.name ?? "unknown(\(job.queue.rawValue))", job.engine,
                    job.attempt == .none ? "" : "\(job.attempt)", job.worker, done ?? "",
                    job.created.text, job.output,
                ],
                styles: Terminal.Style.cell(1, job.state)
            )
        }
        table.print()
        if let more { Output.line(more) }
    }
}
