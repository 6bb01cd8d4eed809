// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin recover

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Forces jobs out of dead hands.
struct AdminRecover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Send jobs of dead, removed or unknown workers to retrying.",
        discussion: HelpText.flowing(
            """
            While a worker's lease is live this is refused and says how long still.

            Examples:
              reelwork admin recover 12 --reason "worker lost its disk"
              reelwork admin recover --all-orphans --reason "after the power cut"
            """
        )
    )

    @OptionGroup var connection: AdminOptions
    @Argument(
        help: ArgumentHelp("The jobs: numbers or ids.", valueName: "job"),
        transform: JobArgument.read
    )
    var jobs: [JobArgument] = []
    @Option(help: ArgumentHelp("All jobs that this worker holds.", valueName: "name"))
    var worker: String?
    @Flag(help: "All jobs whose worker is dead or unknown.")
    var allOrphans = false
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    func validate() throws {
        let targets = (jobs.isEmpty ? 0 : 1) + (worker == nil ? 0 : 1) + (allOrphans ? 1 : 0)
        guard targets == 1 else {
            throw ValidationError("name either jobs, or --worker NAME, or --all-orphans")
        }
    }

    func run() async throws {
        let target: RecoverTarget =
            if let worker {
                .worker(worker)
            } else {
                allOrphans ? .allOrphans : .jobs(jobs.map(\.ref))
            }
        try await ForcedMove(action: .recover, reason: reason.reason, isJSON: style.json)
            .run(target, names: jobs.map(\.text), on: connection)
    }
}
