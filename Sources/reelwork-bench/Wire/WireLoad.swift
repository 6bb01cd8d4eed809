// SPDX-License-Identifier: Apache-2.0
// Reelwork: requests a second on one socket

import NIOCore
import NIOPosix
import ReelworkCore

/// Requests a second on one socket, asked by one event loop.
struct WireLoad {
    let plan: WirePlan
    let server: WireServer

    /// Runs the load, after a short start.
    func run() async throws -> WireFigure {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let count = WireCount()
        let plan = plan
        do {
            var channels: [any Channel] = []
            for _ in 0..<plan.connections {
                let channel = try await ClientBootstrap(group: group)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(WirePeer(plan, count))
                        }
                    }
                    .connect(unixDomainSocketPath: plan.path).get()
                channels.append(channel)
            }
            try await Task.sleep(for: .milliseconds(200))
            let clock = ContinuousClock()
            let begin = clock.now
            let before = count.total
            let usedBefore = server.processorTime
            let allocationsBefore = try server.allocations
            try await Task.sleep(for: plan.time)
            let answers = count.total - before
            let allocations = try server.allocations - allocationsBefore
            let took = begin.duration(to: clock.now)
            let used = server.processorTime - usedBefore
            guard !count.hasFailed else {
                throw BenchError("the server sent something else than answers, or hung up")
            }
            for channel in channels { try await channel.close().get() }
            try await group.shutdownGracefully()
            guard answers > 0 else { throw BenchError("no request was answered") }
            return WireFigure(
                perSecond: Double(answers) / took.seconds,
                processorTime: used / answers,
                allocations: Double(allocations) / Double(answers)
            )
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }
}
