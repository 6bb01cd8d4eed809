// SPDX-License-Identifier: Apache-2.0
// Reelwork: connections that behave, and are timed

import ReelworkCore
import ReelworkRPC
import ReelworkWire

/// Connections that behave: each asks for a job every few milliseconds and times the answer.
struct GoodLoad: Sendable {
    /// What the answers took, in milliseconds.
    struct Figure: Sendable {
        var median: Double
        var late: Double
        var count: Int
    }

    private let connections: [RPCConnection]
    private let number: JobNumber
    /// Never the same, so that it falls in with nobody else's beat.
    private static let pause = 2.0...6.0

    /// Connects, and submits the jobs that all peers ask for.
    static func open(
        _ endpoint: RPCEndpoint,
        connections count: Int,
        jobs: Int
    ) async throws -> GoodLoad {
        var connections: [RPCConnection] = []
        for _ in 0..<max(count, 1) {
            connections.append(
                try await RPCConnection.connect(to: endpoint, role: .submitter, agent: "good")
            )
        }
        // As long as a path may be, so that answers are large and cost little to make.
        let folder = "/" + String(repeating: "f", count: Limits.pathBytesMax - 16) + "/"
        let items = (0..<max(jobs, 1)).map { job in
            SubmitItem(
                key: "peers-\(job)",
                spec: JobSpec(
                    engine: "ffmpeg",
                    input: folder + "\(job).mov",
                    output: folder + "\(job).mp4"
                ).encoded
            )
        }
        let answer = try await connections[0].call(
            SubmitBatch.self,
            SubmitBatch.Request(isAtomic: true, items: items)
        )
        guard let first = answer.results.first, first.code == .known(.ok) else {
            throw BenchError("the jobs were refused: \(answer.results)")
        }
        return GoodLoad(connections: connections, number: first.number)
    }

    /// Asks for so long.
    func run(_ time: Duration) async throws -> Figure {
        let end = ContinuousClock.now + time
        let took = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for connection in connections {
                group.addTask { try await ask(connection, until: end) }
            }
            return try await group.reduce(into: [Duration]()) { $0 += $1 }
        }
        let sorted = took.sorted().map { $0.seconds * 1_000 }
        guard !sorted.isEmpty else { throw BenchError("no request was answered") }
        return Figure(
            median: sorted[sorted.count / 2],
            late: sorted[min(sorted.count - 1, sorted.count * 99 / 100)],
            count: sorted.count
        )
    }

    private func ask(
        _ connection: RPCConnection,
        until end: ContinuousClock.Instant
    ) async throws -> [Duration] {
        var took: [Duration] = []
        let clock = ContinuousClock()
        while clock.now < end {
            let begin = clock.now
            _ = try await connection.call(
                GetJob.self,
                GetJob.Request(ref: .number(number), detail: .short)
            )
            took.append(begin.duration(to: clock.now))
            try await Task.sleep(for: .milliseconds(1) * Double.random(in: GoodLoad.pause))
        }
        return took
    }

    /// Says goodbye.
    func close() async {
        for connection in connections { await connection.close() }
    }
}
