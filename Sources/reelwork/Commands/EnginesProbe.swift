// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork engines probe

import ArgumentParser
import ReelworkCore
import ReelworkWorker

/// Probes the engines of this machine.
struct EnginesProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract:
            "Find out which engines and encoders work on this machine, by small test encodes.",
        discussion: HelpText.flowing(
            """
            Ends with 1 where an engine does not work. This is what a worker does when it starts.

            Example:
              reelwork engines probe
            """
        )
    )

    @OptionGroup var style: OutputOptions

    func run() async throws {
        let registry = try EngineSet.registry()
        let commands = try EngineSet.commands()
        let reports = try await ScratchFolder.with { folder in
            do {
                return try await EngineProbe(commands: commands, folder: folder + "/probe")
                    .run(registry)
            } catch {
                throw CommandFailure("the engines cannot be probed: \(error)")
            }
        }
        if style.json {
            for report in reports { Output.json(.engine(report)) }
        } else {
            EngineTable.table(reports).print()
        }
        guard reports.allSatisfy({ $0.problem == nil }) else {
            throw ExitCode(CommandStatus.failed.rawValue)
        }
    }
}
