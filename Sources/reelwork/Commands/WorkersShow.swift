// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork workers show

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Shows one worker.
struct WorkersShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one worker and its engines.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork workers show encoder-1
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @Argument(help: "The worker's name.")
    var name: String
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let found = try await client.workers(named: name, withEngines: true)
        let all = found.isEmpty ? try await client.workers().map(\.name) : []
        await client.close()
        guard let worker = found.first else {
            throw CommandFailure(
                "there is no worker \(name)",
                advice: all.isEmpty
                    ? "no worker has registered yet; start one with `reelwork worker`"
                    : NamedValue.advice(Array(all.prefix(20)), near: name)
            )
        }
        if style.json { return Output.json(.worker(worker)) }
        let terminal = Terminal.output
        let slots = worker.amount(worker.capacity, ResourceAmount.slotName)
        let labels = worker.labels.map { "\($0.name)=\($0.value)" }.joined(separator: "  ")
        let fields: [(String, String)] = [
            ("worker", ShownLine.escaped(worker.name)),
            ("state", terminal.styled(worker.stateWords, WorkersList.style(worker))),
            ("cordoned", ShownLine.escaped(worker.cordoned ?? "")),
            ("hands back", worker.drainUntil?.text ?? ""),
            ("seen", worker.seenWords),
            ("jobs", "\(worker.open), \(slots) \(slots == 1 ? "slot" : "slots")"),
            ("resources", ShownLine.escaped(worker.resourceWords)),
            ("host", ShownLine.escaped(worker.host ?? "")),
            ("version", ShownLine.escaped(worker.version ?? "")),
            ("registered", worker.registered?.text ?? ""),
            ("scratch", worker.scratchFreeMebibytes.map { "\($0) MiB free" } ?? ""),
            (
                "clock",
                worker.isClockWrong
                    ? terminal.styled(worker.clockWords, .yellow) : worker.clockWords
            ),
            ("labels", ShownLine.escaped(labels)),
        ]
        for (name, value) in fields where !value.isEmpty {
            let label = name + String(repeating: " ", count: max(1, 14 - name.count))
            Output.line(terminal.styled(label, .faint) + value)
        }
        guard !worker.engines.isEmpty else { return }
        Output.line("")
        EngineTable.table(worker.engines).print()
    }
}
