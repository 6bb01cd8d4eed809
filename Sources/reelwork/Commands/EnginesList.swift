// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork engines list

import ArgumentParser
import ReelworkEngineKit

/// Lists engines and their parameters.
struct EnginesList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the engines that this program knows, with their parameters.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork engines list
            """
        )
    )

    @OptionGroup var style: OutputOptions

    func run() throws {
        let engines = try EngineSet.registry().adapters.map(\.about)
        for (index, engine) in engines.enumerated() {
            if style.json {
                Output.json(EnginesList.json(engine))
                continue
            }
            if index > 0 { Output.line("") }
            let terminal = Terminal.output
            Output.line("\(terminal.styled(engine.name, .bold))  \(engine.title)")
            Output.line("encoders: \(engine.encoders.joined(separator: " "))")
            for parameter in engine.parameters {
                Output.line("")
                Output.line("  " + terminal.styled(parameter.name, .bold))
                var lines = [parameter.summary, "Value: \(parameter.kind.expectation)."]
                if let text = parameter.defaultText { lines.append("Default: \(text).") }
                let columns = terminal.isInteractive ? terminal.size.columns : 100
                for line in lines {
                    for part in ShownLine.wrapped(line, columns: columns - 6) {
                        Output.line("      " + part)
                    }
                }
            }
        }
    }

    /// An engine as JSON.
    static func json(_ engine: EngineDescription) -> JSONValue {
        .members([
            "name": .string(engine.name),
            "title": .string(engine.title),
            "adapter_version": .count(engine.adapterVersion),
            "preferred_for": .array(
                EngineStrength.allCases.filter { engine.strengths.contains($0) }
                    .map { .string("\($0)") }
            ),
            "encoders": .array(engine.encoders.map(JSONValue.string)),
            "parameters": .array(
                engine.parameters.map { parameter in
                    .members([
                        "name": .string(parameter.name),
                        "value": .string(parameter.kind.expectation),
                        "default": .optional(parameter.defaultText),
                        "meaning": .string(parameter.summary),
                    ])
                }
            ),
        ])
    }
}
