// SPDX-License-Identifier: Apache-2.0
// Reelwork: what workers without work cost

import ArgumentParser
import ReelworkCore
import ReelworkRPC

/// Memory and processor that a scheduler spends on workers without work.
struct IdleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Memory and processor that a scheduler spends on idle workers.",
        discussion: """
            Registers workers over a Unix socket at `reelwork serve`, each of which sends a \
            heartbeat every 5 s, and looks at that process. Both processes need an open file a \
            connection.

            Example: reelwork-bench idle --connections 10000
            """
    )

    @Option(help: "Workers.")
    var connections = 10_000

    @Option(help: "Seconds that are measured, once all workers are in.")
    var seconds = 20

    @Flag(help: "One JSON object.")
    var json = false

    mutating func run() async throws {
        try Crowd.makeRoom(for: connections)
        let server = try await BenchServer.start(folder: nil)
        defer { server.stop() }
        guard case .unix(let path) = server.endpoint else { return }
        let gauge = ServerGauge(server)
        let atRest = gauge.residentMiB
        let begin = ContinuousClock.now
        let crowd = Crowd.start(.idle, size: connections, path: path)
        defer { crowd.stop() }
        try await crowd.waitUntilOpen(connections)
        let entry = ContinuousClock.now - begin
        // The first heartbeats, and what registering left behind.
        try await Task.sleep(for: .seconds(10))
        let before = (crowd.count, gauge.processorTime, ContinuousClock.now)
        try await Task.sleep(for: .seconds(seconds))
        let after = (crowd.count, gauge.processorTime, ContinuousClock.now)
        let took = (after.2 - before.2).seconds
        let resident = gauge.residentMiB
        let core = (after.1 - before.1).seconds / took * 100
        let each = (resident - atRest) * 1_024 / Double(connections)
        let beats = Double(after.0.frames - before.0.frames) / took
        guard after.0.open == connections, after.0.closes == 0 else {
            throw BenchError("\(after.0.closes) connections were closed: \(after.0)")
        }
        if json {
            print(
                """
                {"figure":"idle","connections":\(connections),"resident_mib":\(one(resident)),\
                "kib_each":\(one(each)),"core_percent":\(one(core)),\
                "heartbeats_per_second":\(one(beats))}
                """
            )
        } else {
            print(
                """
                \(connections) idle workers, in after \(one(entry.seconds)) s: \
                \(one(resident)) MiB resident (\(one(atRest)) at rest, \(one(each)) KiB each, \
                peak \(one(gauge.residentPeakMiB))), \(one(core)) % of a core, \
                \(one(beats)) heartbeats a second
                """
            )
        }
    }

    private func one(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
