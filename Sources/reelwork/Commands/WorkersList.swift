// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork workers list

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Lists workers.
struct WorkersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the workers.",
        discussion: HelpText.flowing(
            """
            STATE: alive; suspect, where its connection is lost and its lease still runs; dead; or
            stopped, where it ended of its own will. A draining worker takes no new work. A cordoned
            one gets none, for it failed what others finished; --json says which.

            Example:
              reelwork workers list --json
            """
        )
    )

    @OptionGroup var connection: ConnectOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let workers = try await client.workers(withEngines: true)
        await client.close()
        if style.json {
            for worker in workers { Output.json(.worker(worker)) }
            return
        }
        guard !workers.isEmpty else {
            Output.line("no workers yet; start one with `reelwork worker`")
            return
        }
        var table = TextTable(
            "NAME",
            "STATE",
            ">JOBS",
            ">SLOTS",
            ">SEEN",
            "HOST",
            "ENGINES",
            "LABELS",
            spare: ["LABELS", "HOST", "ENGINES", "SEEN"]
        )
        for worker in workers {
            let slots = worker.amount(worker.capacity, ResourceAmount.slotName)
            let engines = worker.engines.filter { $0.problem == nil }.map(\.name)
            table.add(
                [
                    worker.name, worker.stateWords, "\(worker.open)", "\(slots)", worker.seenWords,
                    worker.host ?? "", engines.joined(separator: " "),
                    worker.labels.map { "\($0.name)=\($0.value)" }.joined(separator: " "),
                ],
                styles: [1: WorkersList.style(worker)]
            )
        }
        table.print()
    }

    /// The colour of a worker's state.
    static func style(_ worker: WorkerView) -> Terminal.Style {
        switch worker.state.value {
        case .alive: worker.isDraining || worker.cordoned != nil ? .yellow : .green
        case .suspect: .yellow
        case .dead: worker.isStopped ? .faint : .red
        case nil: .faint
        }
    }
}
