// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a request asks of the heap

import Foundation
import Testing

extension IntegrationTests {
    /// Goal: a small request costs its event loop at most two allocations.
    ///
    /// Method: `reelwork-bench` counts them in a server of its own, by a library that is loaded
    /// into it; it fails where nothing is counted. Where each request waits this holds for
    /// optimized programs only: in others swift-nio itself asks for six.
    @Suite(.timeLimit(.minutes(1)))
    struct AllocationTests {
        private struct Figure: Decodable {
            var figure: String
            var pipeline: Int
            var rpc: Double
        }

        @Test func aRequestAsksForTwoAllocationsAtMost() async throws {
            #if DEBUG
                let depths = [16]
            #else
                let depths = [1, 16]
            #endif
            let bench = Process()
            bench.executableURL = URL(fileURLWithPath: try Programs.path("reelwork-bench"))
            bench.arguments =
                ["wire", "--allocations", "--json", "--seconds", "1"]
                + depths.flatMap { ["--pipeline", "\($0)"] }
            let output = Pipe()
            bench.standardOutput = output
            try bench.run()
            let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
            bench.waitUntilExit()
            #expect(bench.terminationStatus == 0)
            let figures = try bytes.split(separator: UInt8(ascii: "\n")).map {
                try JSONDecoder().decode(Figure.self, from: $0)
            }
            #expect(figures.map(\.pipeline) == depths)
            for figure in figures {
                #expect(figure.figure == "wire_allocations")
                #expect(figure.rpc <= 2, "pipelined by \(figure.pipeline): \(figure.rpc)")
            }
        }
    }
}
