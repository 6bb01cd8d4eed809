// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin loops

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Shows the scheduler's loops.
struct AdminLoops: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loops",
        abstract: "Show how the scheduler's loops run.",
        discussion: HelpText.flowing(
            """
            Example:
              reelwork admin loops
            """
        )
    )

    @OptionGroup var connection: AdminOptions
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client()
        let loops = try await client.loops()
        await client.close()
        if style.json {
            for loop in loops { Output.json(AdminLoops.json(loop)) }
            return
        }
        var table = TextTable(
            "LOOP",
            "RUNS",
            ">EVERY",
            ">COUNT",
            ">ERRORS",
            "LAST RUN",
            ">TOOK",
            "LAST ERROR",
            spare: ["COUNT", "EVERY", "TOOK", "RUNS"]
        )
        for loop in loops {
            table.add(
                [
                    loop.name, loop.isRunning ? "yes" : "stopped", loop.interval.words,
                    "\(loop.runs)", "\(loop.errors)", loop.lastAt?.text ?? "",
                    loop.lastAt == nil ? "" : AdminLoops.took(loop.lastTook), loop.lastError ?? "",
                ],
                styles: [1: loop.isRunning ? .green : .yellow]
            )
        }
        table.print()
    }

    static func json(_ loop: LoopStatus) -> JSONValue {
        .members([
            "name": .string(loop.name), "running": .bool(loop.isRunning),
            "interval": .seconds(loop.interval), "runs": .count(loop.runs),
            "errors": .count(loop.errors), "last_run_at": .time(loop.lastAt),
            "last_took": .number(loop.lastTook.seconds), "last_error": .optional(loop.lastError),
        ])
    }

    private static func took(_ duration: Duration) -> String {
        let microseconds = duration.wholeNanoseconds / 1_000
        return microseconds < 1_000 ? "\(microseconds)µs" : duration.words
    }
}
