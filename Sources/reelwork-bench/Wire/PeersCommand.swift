// SPDX-License-Identifier: Apache-2.0
// Reelwork: what good peers feel of bad ones

import ArgumentParser
import ReelworkCore
import ReelworkRPC

/// How long good requests take beside a crowd of bad peers, and what memory the crowd costs.
struct PeersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "Good requests beside silent, dripping and never-reading peers.",
        discussion: """
            Some connections ask `reelwork serve` for a job, again and again, alone and then \
            beside each crowd. Each crowd has a quiet time before it that it is compared with. \
            A crowd comes within five seconds; who is closed comes again.

            Example: reelwork-bench peers --peers 1000
            """
    )

    @Option(help: "Bad peers at the same time, of each kind.")
    var peers = 1_000

    @Option(help: "Seconds a time.")
    var seconds = 10

    @Option(help: "Good connections.")
    var good = 4

    @Option(help: "Jobs that the scheduler knows: never-reading peers ask for all of them.")
    var jobs = 40

    @Option(help: "Only this crowd: silent, dripping, deaf or all.")
    var crowd: String?

    @Flag(help: "One JSON object a line.")
    var json = false

    func validate() throws {
        guard crowd.map({ name in PeersCommand.crowds.contains { $0.name == name } }) ?? true else {
            throw ValidationError("no such crowd; one of silent, dripping, deaf, all")
        }
    }

    /// The crowds, in the order in which they come.
    private static let crowds: [(name: String, manners: [CrowdManner])] = [
        ("silent", [.silent]), ("dripping", [.dripping]), ("deaf", [.deaf]),
        ("all", [.silent, .dripping, .deaf]),
    ]

    mutating func run() async throws {
        try Crowd.makeRoom(for: peers * CrowdManner.allCases.count)
        let server = try await BenchServer.start(folder: nil)
        defer { server.stop() }
        guard case .unix(let path) = server.endpoint else { return }
        let load = try await GoodLoad.open(server.endpoint, connections: good, jobs: jobs)
        let gauge = ServerGauge(server)
        _ = try await load.run(.seconds(2))
        for (_, manners) in PeersCommand.crowds.filter({ $0.name == crowd ?? $0.name }) {
            let quiet = try await load.run(.seconds(seconds))
            let atRest = gauge.residentMiB
            let crowds = manners.map {
                Crowd.start($0, size: peers, path: path, perSecond: Double(peers) / 5)
            }
            defer { for crowd in crowds { crowd.stop() } }
            try await Task.sleep(for: .seconds(6))
            let before = gauge.processorTime
            let beside = try await load.run(.seconds(seconds))
            let core = (gauge.processorTime - before).seconds / Double(seconds) * 100
            show(
                manners.map(\.rawValue).joined(separator: " + "),
                quiet,
                beside,
                "\(one(atRest)) MiB before, \(one(gauge.residentMiB)) beside, "
                    + "\(one(gauge.residentPeakMiB)) at most; \(one(core)) % of a core",
                connected: crowds.map(\.count.connected).reduce(0, +),
                closes: crowds.map(\.count.closes).reduce(0, +)
            )
        }
        await load.close()
    }

    private func show(
        _ name: String,
        _ quiet: GoodLoad.Figure,
        _ beside: GoodLoad.Figure,
        _ cost: String,
        connected: Int,
        closes: Int
    ) {
        let ratio = beside.late / quiet.late
        print(
            json
                ? """
                {"figure":"peers","kind":"\(name)","quiet_p99_ms":\(three(quiet.late)),\
                "p99_ms":\(three(beside.late)),"ratio":\(three(ratio)),"cost":"\(cost)"}
                """
                : """
                \(name): p99 \(three(quiet.late)) ms quiet, \(three(beside.late)) ms beside \
                (\(three(ratio)) times), median \(three(quiet.median)) and \
                \(three(beside.median)) ms, \(beside.count) requests; \(cost); \
                \(connected) connected, \(closes) closed
                """
        )
    }

    private func one(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    private func three(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
}
