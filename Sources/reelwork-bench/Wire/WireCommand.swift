// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the protocol costs

import ArgumentParser
import ReelworkCore

/// Requests a second of the protocol beside those of a bare echo, in one run.
struct WireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wire",
        abstract: "Small requests a second of the protocol, beside a bare swift-nio echo.",
        discussion: """
            Both servers have one event loop and a process of their own; the load is the
            same bytes from one event loop of this process. Each round measures both, and
            the ratio of a round is what counts: machines are noisy.

            Examples:
              reelwork-bench wire --runs 5
              reelwork-bench wire --compression
              reelwork-bench wire --allocations
            """
    )

    @Option(help: "Connections that ask at the same time.")
    var connections = 50

    @Option(help: "Requests that each connection has on its way.")
    var pipeline: [Int] = [1, 16]

    @Option(help: "Rounds; medians are printed.")
    var runs = 5

    @Option(help: "Seconds that each measurement takes.")
    var seconds = 2

    @Flag(help: "Measure the bare echo alone.")
    var echo = false

    @Flag(help: "Measure what compressing frames costs and saves, and nothing else.")
    var compression = false

    @Flag(help: "Count what a request's event loop asks of the heap, and nothing else.")
    var allocations = false

    @Flag(help: "One JSON object a line.")
    var json = false

    func validate() throws {
        // So many requests may a connection have open at most.
        guard pipeline.allSatisfy({ (1...Limits.requestsOpenMax).contains($0) }) else {
            throw ValidationError("--pipeline is 1 to \(Limits.requestsOpenMax)")
        }
        guard connections > 0, seconds > 0, runs > 0 else {
            throw ValidationError("--connections, --seconds and --runs are at least 1")
        }
    }

    mutating func run() async throws {
        if compression { return try CompressionCost.all().forEach(show) }
        if allocations { return try await showAllocations() }
        for depth in pipeline {
            var echoes: [WireFigure] = []
            var requests: [WireFigure] = []
            for _ in 0..<runs {
                echoes.append(try await measure(.echo, depth))
                if !echo { requests.append(try await measure(.rpc, depth)) }
            }
            show("echo", depth, echoes)
            guard !echo else { continue }
            show("rpc", depth, requests)
            let ratio = rounded(
                median(zip(requests, echoes).map { $0.perSecond / $1.perSecond })
            )
            print(
                json
                    ? "{\"figure\":\"wire_ratio\",\"pipeline\":\(depth),\"median\":\(ratio)}"
                    : "pipeline \(depth): \(ratio) of the echo (median of \(runs))"
            )
        }
    }

    private func measure(
        _ speech: WirePlan.Speech,
        _ depth: Int
    ) async throws -> WireFigure {
        let server = try WireServer.start(speech, countsAllocations: allocations)
        defer { server.stop() }
        let plan = WirePlan(
            path: server.path,
            speech: speech,
            connections: connections,
            pipeline: depth,
            time: .seconds(seconds)
        )
        return try await WireLoad(plan: plan, server: server).run()
    }

    private func showAllocations() async throws {
        for depth in pipeline {
            let requests = try await measure(.rpc, depth)
            let echoes = try await measure(.echo, depth)
            print(
                json
                    ? """
                    {"figure":"wire_allocations","pipeline":\(depth),\
                    "rpc":\(rounded(requests.allocations)),\
                    "echo":\(rounded(echoes.allocations))}
                    """
                    : """
                    pipeline \(depth): \(rounded(requests.allocations)) allocations a request on \
                    the server's event loop; echo \(rounded(echoes.allocations))
                    """
            )
        }
    }

    private func show(_ name: String, _ depth: Int, _ figures: [WireFigure]) {
        let rate = Int(median(figures.map(\.perSecond)))
        let cost = rounded(median(figures.map { $0.processorTime.seconds * 1e6 }))
        print(
            json
                ? """
                {"figure":"wire_\(name)","pipeline":\(depth),"median":\(rate),\
                "server_us":\(cost)}
                """
                : """
                pipeline \(depth): \(name) \(rate) a second, \(cost) us of the server's \
                processor each
                """
        )
    }

    private func show(_ cost: CompressionCost) {
        let ratio = rounded(Double(cost.plainBytes) / Double(cost.wireBytes))
        let times = [cost.plainTime, cost.deflateTime, cost.readTime]
            .map { rounded($0.seconds * 1e6) }
        print(
            json
                ? """
                {"figure":"compression","what":"\(cost.name)","plain":\(cost.plainBytes),\
                "wire":\(cost.wireBytes),"plain_us":\(times[0]),"deflate_us":\(times[1]),\
                "read_us":\(times[2])}
                """
                : """
                \(cost.name): \(cost.plainBytes) B plain, \(cost.wireBytes) B on the wire \
                (\(ratio) times less); made plain \(times[0]) us, compressed \(times[1]) us, \
                read \(times[2]) us
                """
        )
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted[sorted.count / 2]
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
