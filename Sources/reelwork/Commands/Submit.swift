// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork submit

import ArgumentParser
import ReelworkClient
import ReelworkCore
import ReelworkSystem

/// Submits jobs.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit a job, or a file of jobs.",
        discussion: HelpText.flowing(
            """
            Prints the number and the id of each job that was accepted. With --wait it shows the
            progress and ends with 0 completed, 3 failed, 4 canceled or 5 rejected.

            A line of --from FILE.jsonl is one job: an object with input and output and, where
            wanted, engine, key, queue, priority, tenant, parameters, needs, require, prefer,
            retries, timeout, not_before and overwrite. Flags beside --from are defaults for its
            lines.

            What this command sees by itself refuses all of it before anything is sent: a line that
            is no job ends it with 2; over a Unix socket, a file that is missing or in the way ends
            it with 1, one that may not be read with 77. What the scheduler refuses is told for
            each line, the other lines are accepted, and it ends with 1: an unknown engine,
            parameter or value, a key that another job has, an output that another job writes.

            A job takes one slot of its worker, and what its engine says. --need says it in its
            place: slot, cpu (processors), memory_mib, scratch_mib (room for the film), gpu_session
            (one GPU's, whichever), gpu_session:0 (that of GPU 0), or what else workers have by
            `reelwork worker --capacity`. The job waits for a worker with so much left.

            Examples:
              reelwork submit --input film.mov --output film.mp4 --set crf=22 --wait
              reelwork submit --input film.mov --output film.mp4 --need memory_mib=8192
              reelwork submit --input film.mov --output 'out/{n}.mkv' --count 10
              reelwork submit --from jobs.jsonl --wait
            """
        )
    )

    @OptionGroup var connection: ConnectOptions

    @Option(
        help: ArgumentHelp(
            "auto, ffmpeg, gstreamer, or another that the scheduler knows (default: auto).",
            valueName: "name"
        )
    )
    var engine: String?

    @Option(help: ArgumentHelp("The film to encode.", valueName: "path"))
    var input: String?

    @Option(
        help: ArgumentHelp(
            "Where the film goes; its ending chooses the container.",
            valueName: "path"
        )
    )
    var output: String?

    @Flag(help: "Replace an output that is there already.")
    var overwrite = false

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A parameter of the engine; may be repeated; see `reelwork engines list`.",
            valueName: "key=value"
        )
    )
    var parameters: [String] = []

    @Option(
        help: ArgumentHelp(
            "The queue: live, default or batch (default: default).",
            valueName: "queue"
        ),
        transform: NamedValue.queue
    )
    var queue: JobQueue?

    @Option(
        help: ArgumentHelp(
            "The priority in its queue: high, medium or low (default: medium).",
            valueName: "priority"
        ),
        transform: NamedValue.priority
    )
    var priority: JobPriority?

    @Option(help: "Whose job it is; tenants share the fleet by their weights.")
    var tenant: String?

    @Option(
        help: ArgumentHelp("A label that the worker must have.", valueName: "key=value")
    )
    var require: [String] = []

    @Option(
        help: ArgumentHelp("A label that the worker should have.", valueName: "key=value")
    )
    var prefer: [String] = []

    @Option(
        help: ArgumentHelp(
            "What it takes up of its worker; may be repeated; see below.",
            valueName: "name=n"
        )
    )
    var need: [String] = []

    @Option(
        help:
            "Names the job for good: with the same key it is never done twice (default: a new one)."
    )
    var key: String?

    @Option(
        help: ArgumentHelp(
            "Not before this time, in RFC 3339, or this long from now.",
            valueName: "time"
        )
    )
    var notBefore: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How often it is tried again (default: 3).", valueName: "count"),
        transform: CountText.argument(0...Limits.retriesMax)
    )
    var retries: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A hard limit for a run (default: the engine's own, which grows with progress).",
            valueName: "time"
        ),
        transform: DurationText.limit
    )
    var timeout: Duration?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Submit so many; {n} in input, output and key becomes 1 to count.",
            valueName: "count"
        ),
        transform: CountText.argument(1...1_000_000)
    )
    var count: Int?

    @Option(
        help: ArgumentHelp("Submit the jobs of a file, one a line; - is standard input.")
    )
    var from: String?

    @Flag(help: "Wait until all have ended, and show how far they are.")
    var wait = false

    @OptionGroup var style: OutputOptions

    func validate() throws {
        if from != nil {
            guard input == nil, output == nil, key == nil, count == nil else {
                throw ValidationError(
                    "--from goes without --input, --output, --key and --count; a line has its own"
                )
            }
        } else {
            guard let input, !input.isEmpty else { throw ValidationError("--input is missing") }
            guard let output, !output.isEmpty else { throw ValidationError("--output is missing") }
        }
        if let key, !(1...Limits.keyBytesMax).contains(key.utf8.count) {
            throw ValidationError("--key must have 1 to \(Limits.keyBytesMax) bytes")
        }
    }

    func run() async throws {
        let orders = try orders()
        let endpoint = try connection.endpoint()
        if !endpoint.hasPrefix("tcp:") { try look(at: orders) }
        let client = try await connection.client()
        var submitter = JobSubmitter(client: client, style: style.json ? .json : .text)
        submitter.isQuiet = wait && !style.json && orders.count > 20
        let accepted = try await submitter.submit(orders)
        guard wait, !accepted.isEmpty else {
            await client.close()
            if submitter.refused > 0 { throw ExitCode(CommandStatus.failed.rawValue) }
            return
        }
        let numbers = accepted.map { "\($0.rawValue)" }
        let again = numbers.count == 1 ? numbers[0] : "NUMBER"
        let follower = JobFollower(
            client: client,
            style: style.json ? .json : .text,
            farewell: "the jobs go on; see `reelwork job watch \(again)`"
        )
        let board = try await follower.follow(accepted.map { .number($0) })
        await client.close()
        let status = submitter.refused > 0 ? CommandStatus.failed : board.status
        guard status == .done else { throw ExitCode(status.rawValue) }
    }

    // MARK: - What was asked for

    private func orders() throws(CommandFailure) -> [JobOrder] {
        let folder = try JobOrder.currentFolder()
        let spec = try spec(folder)
        if let from { return try JobFile.read(from, defaults: spec, folder: folder) }
        let order = JobOrder(spec: spec, key: key)
        guard let count else {
            if order.hasPlace {
                Output.error(
                    "reelwork: \(JobOrder.place) is taken as it stands; give --count N to have it "
                        + "become 1 to N"
                )
            }
            return [order]
        }
        return try order.expanded(count: count, key: key)
    }

    private func spec(_ folder: String) throws(CommandFailure) -> JobSpec {
        var time: Timestamp?
        if let notBefore {
            time = TimeText.read(notBefore, now: SystemClock.wall())
            guard time != nil else {
                throw .usage(
                    "--not-before \(notBefore) is no time",
                    advice: "give \(TimeText.form)"
                )
            }
        }
        return JobSpec(
            engine: engine ?? JobSpec.engineAuto,
            queue: queue,
            priority: priority,
            input: JobOrder.absolute(input ?? "", in: folder),
            output: JobOrder.absolute(output ?? "", in: folder),
            parameters: try PairText.parameters(parameters),
            retries: retries.map(UInt64.init),
            timeout: timeout,
            notBefore: time,
            overwrite: overwrite,
            needs: try PairText.amounts(need, flag: "--need"),
            require: try PairText.labels(require, flag: "--require"),
            prefer: try PairText.labels(prefer, flag: "--prefer"),
            tenant: tenant
        )
    }

    /// Looks at the files before anything is sent; nothing is submitted where one is wrong.
    private func look(at orders: [JobOrder]) throws(CommandFailure) {
        var problems: [(JobOrder, CommandFailure)] = []
        for order in orders {
            if let problem = LocalFiles.problem(order.spec, mayBeDone: order.isKeyGiven) {
                problems.append((order, problem))
            }
        }
        guard let (order, first) = problems.first else { return }
        if orders.count == 1, order.line == 0 { throw first }
        for (order, problem) in problems.prefix(JobFile.problemsShownMax) {
            let place = order.line > 0 ? "line \(order.line)" : order.spec.output
            Output.error(ShownLine.escaped("\(place): \(problem.what)"))
        }
        throw CommandFailure(
            first.status,
            "\(problems.count) of \(orders.count) jobs cannot be done; nothing was submitted",
            advice: first.advice
        )
    }
}
