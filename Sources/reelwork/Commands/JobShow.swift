// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork job show

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Shows one job.
struct JobShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one job.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork job show 12 --json
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The job: a number, 12 or #12, or an id.", transform: JobArgument.read)
    var job: JobArgument
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let view = try await client.job(job.ref)
        await client.close()
        if style.json { return Output.json(.job(view)) }
        for (name, value) in JobShow.fields(view) {
            let label = name + String(repeating: " ", count: max(1, 14 - name.count))
            Output.line(Terminal.output.styled(label, .faint) + value)
        }
    }

    /// What is shown, in order; what is not there is left out.
    static func fields(_ view: JobView) -> [(String, String)] {
        let terminal = Terminal.output
        let state =
            Terminal.Style.of(view.state)
            .map { terminal.styled(view.state.name, $0) } ?? view.state.name
        // A job that is tried again still shows why the run before failed: that is no verdict.
        let last = view.state.value?.isTerminal == true ? "" : "last "
        var fields: [(String, String?)] = [
            ("job", "\(view.number)  \(view.id)"),
            ("state", state),
            (last + "error", view.error),
            (last + "failure", view.failure.map { $0.value?.name ?? "unknown(\($0.rawValue))" }),
            ("progress", progress(view)),
            ("input", view.input),
            ("output", view.output),
            ("engine", engine(view)),
            ("parameters", parameters(view)),
            ("queue", queue(view)),
            ("tenant", view.tenant),
            ("worker", view.worker),
            ("attempt", attempt(view)),
            ("created", view.created.text),
            ("not before", view.notBefore?.text),
            ("started", view.started?.text),
            ("deadline", view.deadline?.text),
            ("ended", view.completed?.text),
            ("took", took(view)),
            ("timeout", view.timeout.map { "\($0.words), hard" }),
            ("key", view.key),
            ("retry of", view.retryOf.map { "\($0)" }),
        ]
        fields = fields.map { name, value in
            (name, name == "state" ? value : value.map(ShownLine.escaped))
        }
        return fields.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : (name, $0) }
        }
    }

    private static func progress(_ view: JobView) -> String? {
        guard let progress = view.progress else { return nil }
        var row = WatchBoard.Row(title: "", state: view.state)
        row.progress = progress
        return "\(row.progressWords)  \(progress.media.words) of media"
    }

    private static func engine(_ view: JobView) -> String {
        guard let asked = view.askedEngine, asked != view.engine else { return view.engine }
        return "\(view.engine) (asked for: \(asked))"
    }

    private static func parameters(_ view: JobView) -> String {
        view.parameters.map { "\($0.key)=\($0.value)" }.joined(separator: "  ")
    }

    private static func queue(_ view: JobView) -> String {
        let queue = view.queue.value?.name ?? "unknown(\(view.queue.rawValue))"
        let priority = view.priority.value?.name ?? "unknown(\(view.priority.rawValue))"
        return "\(queue), priority \(priority)"
    }

    private static func attempt(_ view: JobView) -> String? {
        guard view.attempt != .none else { return nil }
        return "\(view.attempt), \(view.retryCount) of \(view.retriesMax) retries used"
    }

    private static func took(_ view: JobView) -> String? {
        guard let started = view.started, let completed = view.completed else { return nil }
        return completed.since(started).words
    }
}
