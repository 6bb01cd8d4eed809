// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin metrics

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Prints the metrics.
struct AdminMetrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print the metrics in Prometheus' text format.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork admin metrics --prefix reelwork_jobs
            """
        )
    )

    @OptionGroup var connection: AdminOptions
    @Option(help: ArgumentHelp("Only metrics whose name begins so.", valueName: "text"))
    var prefix = ""
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let (at, samples) = try await client.metrics(prefix: prefix)
        await client.close()
        let wanted = samples.filter { $0.name.hasPrefix(prefix) }
        if style.json {
            for sample in wanted {
                Output.json(
                    .members([
                        "name": .string(sample.name), "labels": .labels(sample.labels),
                        "value": .number(sample.value), "at": .time(at),
                    ])
                )
            }
            return
        }
        var text = ""
        for line in PrometheusText.lines(wanted) { text += line + "\n" }
        Output.text(text)
    }
}
