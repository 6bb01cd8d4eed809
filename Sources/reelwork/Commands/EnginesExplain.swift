// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork engines explain

import ArgumentParser
import Glibc
import ReelworkCore
import ReelworkEngineKit
import ReelworkWorker

/// Explains what a job would become.
struct EnginesExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show the engine, the exact command line and the deadline that a job would get.",
        discussion: HelpText.flowing(
            """
            Looks at the input as a worker would, and starts nothing else. The command runs in a
            scratch folder where `in` and `out` are links to input and output, so that no file name
            ever stands in a command line.

            Example:
              reelwork engines explain --input film.mov --output film.mp4
            """
        )
    )

    @Option(help: ArgumentHelp("auto, or an engine's name (default: auto).", valueName: "name"))
    var engine = JobSpec.engineAuto

    @Option(help: ArgumentHelp("The film to encode.", valueName: "path"))
    var input: String

    @Option(help: ArgumentHelp("Where the film would go.", valueName: "path"))
    var output: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A parameter; may be repeated.", valueName: "key=value")
    )
    var parameters: [String] = []

    @Option(
        help: ArgumentHelp(
            "The queue: live prefers other engines (values: live, default, batch).",
            valueName: "queue"
        ),
        transform: NamedValue.queue
    )
    var queue: JobQueue?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A hard limit for a run.", valueName: "time"),
        transform: DurationText.limit
    )
    var timeout: Duration?

    @OptionGroup var style: OutputOptions

    /// What a job would become.
    private struct Plan {
        var choice: EngineChoice
        var media: MediaInfo
        var limit: RunLimit
        var command: CommandPlan
        var checks: [CommandPlan]
    }

    func run() async throws {
        let folder = try JobOrder.currentFolder()
        let spec = JobSpec(
            engine: engine,
            queue: queue,
            input: JobOrder.absolute(input, in: folder),
            output: JobOrder.absolute(output, in: folder),
            parameters: try PairText.parameters(parameters),
            timeout: timeout,
            overwrite: true
        )
        if let problem = LocalFiles.problem(spec) { throw problem }
        let plan = try await plan(spec)
        if style.json {
            Output.json(json(plan))
        } else {
            show(plan, spec)
        }
    }

    private func plan(_ spec: JobSpec) async throws -> Plan {
        let registry = try EngineSet.registry()
        do {
            let choice = try registry.choose(spec)
            guard let first = choice.candidates.first else {
                throw CommandFailure("no engine can do this job")
            }
            let adapter = try registry.adapter(named: first.engine)
            let media = try await inspect(spec, adapter)
            let context = CommandContext(media: media)
            return Plan(
                choice: choice,
                media: media,
                limit: adapter.timeout(spec, duration: media.duration, policy: TimeoutPolicy()),
                command: try adapter.command(spec, context: context),
                checks: adapter.verifyPlans(spec, context: context)
            )
        } catch let refusal as EngineRefusal {
            throw CommandFailure(
                refusal.message,
                advice: "see `reelwork engines list` for what each engine takes"
            )
        } catch let failure as EngineFailure {
            throw CommandFailure(failure.message, advice: failure.advice)
        }
    }

    private func inspect(_ spec: JobSpec, _ adapter: any EngineAdapter) async throws -> MediaInfo {
        let commands = try EngineSet.commands()
        return try await ScratchFolder.with { folder in
            guard symlink(spec.input, folder + "/" + ScratchNames.input) == 0 else {
                throw CommandFailure("cannot make a link in \(folder)")
            }
            var plan = adapter.inspectPlan()
            plan.timeMax = plan.timeMax ?? Limits.probeTime
            return try adapter.inspected(await commands.run(plan, in: folder))
        }
    }

    // MARK: - Output

    private func show(_ plan: Plan, _ spec: JobSpec) {
        let terminal = Terminal.output
        func field(_ name: String, _ value: String) {
            let label = name + String(repeating: " ", count: max(1, 12 - name.count))
            Output.line(terminal.styled(label, .faint) + value)
        }
        let engines = plan.choice.candidates.map(\.engine)
        field("engine", terminal.styled(engines.first ?? "", .bold))
        field("why", ShownLine.escaped(plan.choice.reason))
        if engines.count > 1 {
            field("else", engines.dropFirst().joined(separator: ", ") + ", where no worker has it")
        }
        // What the reason says already is not said again.
        for passed in plan.choice.passedOver
        where !plan.choice.reason.contains(passed.refusal.message) {
            field("not", ShownLine.escaped("\(passed.engine): \(passed.refusal.message)"))
        }
        let needed = plan.choice.candidates.first?.encoders ?? []
        if !needed.isEmpty { field("encoders", needed.joined(separator: " ")) }
        field("input", EnginesExplain.words(plan.media))
        let kind = plan.limit.isHard ? "hard, by --timeout" : "extended while it progresses"
        field("deadline", "\(plan.limit.limit.words) after the start, \(kind)")
        let variables = plan.command.environment
        if !variables.isEmpty {
            let words = variables.map { "\($0.name)=\(ShownLine.shellWord($0.value))" }
            field("variables", ShownLine.escaped(words.joined(separator: " ")))
        }
        field("command", EnginesExplain.words(plan.command))
        for check in plan.checks { field("then", EnginesExplain.words(check)) }
        field("where", "in -> \(ShownLine.escaped(spec.input))")
        field(
            "",
            "out -> a part beside \(ShownLine.escaped(spec.output)), moved there when verified"
        )
    }

    private func json(_ plan: Plan) -> JSONValue {
        func command(_ plan: CommandPlan) -> JSONValue {
            .array(([plan.program] + plan.arguments).map(JSONValue.string))
        }
        return .members([
            "engine": .optional(plan.choice.candidates.first?.engine),
            "reason": .string(plan.choice.reason),
            "candidates": .array(plan.choice.candidates.map { .string($0.engine) }),
            "encoders": .array(
                (plan.choice.candidates.first?.encoders ?? []).map(JSONValue.string)
            ),
            "passed_over": .array(
                plan.choice.passedOver.map {
                    .members(["engine": .string($0.engine), "reason": .string($0.refusal.message)])
                }
            ),
            "duration": .seconds(plan.media.duration),
            "deadline": .seconds(plan.limit.limit),
            "hard": .bool(plan.limit.isHard),
            "variables": .object(
                plan.command.environment.map {
                    JSONValue.Member(name: $0.name, value: .string($0.value))
                }
            ),
            "command": command(plan.command),
            "verify": .array(plan.checks.map(command)),
        ])
    }

    /// A command as a shell would take it, without its variables.
    static func words(_ plan: CommandPlan) -> String {
        let words = ([plan.program] + plan.arguments).map(ShownLine.shellWord)
        return ShownLine.escaped(words.joined(separator: " "))
    }

    /// A film in a few words.
    static func words(_ media: MediaInfo) -> String {
        var words = [media.container]
        if let duration = media.duration { words.append(duration.words) }
        for stream in media.streams where stream.kind != .other {
            var parts = [stream.codec]
            if let size = stream.resolution { parts.append("\(size.width)x\(size.height)") }
            if let rate = stream.frameRate { parts.append("\(rounded(rate.perSecond)) fps") }
            words.append(parts.joined(separator: " "))
        }
        return ShownLine.escaped(words.joined(separator: ", "))
    }

    private static func rounded(_ value: Double) -> String {
        guard value.isFinite, value < 1e9 else { return "?" }
        let hundredths = Int((value * 100).rounded())
        return hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
    }
}
