// SPDX-License-Identifier: Apache-2.0
// Reelwork: whole job lives a second

import ArgumentParser
import ReelworkCore

/// Whole job lives a second, durable, over the Unix socket, load generator included.
struct LivesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lives",
        abstract: "Whole job lives a second: accepted, handed out, started, finished, all on disk.",
        discussion: """
            Each of the connections is a submitter and a worker in turn: it submits,
            waits for its jobs, reports started, waits, reports finished, waits. With
            --batch 64 each of these messages carries 64 jobs, as a busy worker's do.
            The scheduler is a process of its own with its database in a temporary folder.

            Example: reelwork-bench lives --runs 5
            """
    )

    @Option(help: "Connections that work at the same time.")
    var connections = 50

    @Option(help: "Jobs in one batch; 1 is a client that waits for each answer.")
    var batch: [Int] = [1, 64]

    @Option(help: "Runs; the median is printed.")
    var runs = 5

    @Option(help: "Seconds that a run takes.")
    var seconds = 4

    @Option(help: "The folder for the database; a temporary one where it is not given.")
    var data: String?

    @Flag(help: "One JSON object a line.")
    var json = false

    mutating func run() async throws {
        for size in batch {
            var figures: [Double] = []
            for _ in 0..<max(1, runs) {
                let server = try await BenchServer.start(folder: data)
                let load = LivesLoad(
                    endpoint: server.endpoint,
                    connections: connections,
                    batch: size,
                    time: .seconds(seconds)
                )
                let figure: Double
                do {
                    figure = try await load.run()
                } catch {
                    server.stop()
                    throw error
                }
                server.stop()
                figures.append(figure)
            }
            figures.sort()
            let median = figures[figures.count / 2]
            let low = figures.first ?? median
            let high = figures.last ?? median
            if json {
                print(
                    """
                    {"figure":"lives","connections":\(connections),"batch":\(size),\
                    "median":\(Int(median)),"min":\(Int(low)),"max":\(Int(high)),"runs":\(runs)}
                    """
                )
            } else {
                print(
                    """
                    reelwork connections \(connections) batch \(size): \(Int(median)) lives/s \
                    (median of \(runs), \(Int(low)) to \(Int(high)))
                    """
                )
            }
        }
    }
}
