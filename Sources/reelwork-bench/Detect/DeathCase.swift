// SPDX-License-Identifier: Apache-2.0
// Reelwork: workers that die or hang

import Foundation
import ReelworkClient
import ReelworkCore
import ReelworkRPC

/// Workers of one job each, which are killed or stopped one after the other.
struct DeathCase {
    let runs: Int
    /// Whether they come over TCP.
    let isNetwork: Bool
    /// Whether they are killed; else they are stopped, as by a machine that hangs.
    let isKilled: Bool

    func measure() async throws -> [DetectFigure] {
        let scene = try await DetectScene.open(port: isNetwork ? try await FreePort.find() : nil)
        var workers: [Process] = []
        do {
            for index in 0..<runs { workers.append(try start(index, scene.server.endpoint)) }
            let figures = try await measure(scene, workers)
            await finish(scene, workers)
            return figures
        } catch {
            await finish(scene, workers)
            throw error
        }
    }

    private func measure(_ scene: DetectScene, _ workers: [Process]) async throws
        -> [DetectFigure]
    {
        let jobs = try await scene.submit(runs)
        let holders = try await scene.wait(for: jobs, .running).map(\.worker)
        // It has room for all, and nothing yet.
        let spare = try await HoldingWorker.enter(
            scene.server.endpoint,
            name: "spare",
            slots: runs,
            limit: .seconds(3_600)
        )
        let life = Task { try await spare.run(beat: .seconds(5)) }
        defer { life.cancel() }
        var deaths: [Timestamp] = []
        for index in 0..<runs {
            guard holders.contains(name(index)) else {
                throw BenchError("worker \(name(index)) has no job")
            }
            deaths.append(DetectScene.now)
            kill(workers[index].processIdentifier, isKilled ? SIGKILL : SIGSTOP)
            // At every moment between two heartbeats.
            try await Task.sleep(for: .milliseconds(isKilled && !isNetwork ? 50 : 230))
        }
        var detected: [Duration] = []
        var recovered: [Duration] = []
        for (job, holder) in zip(jobs, holders) {
            guard let death = (0..<runs).first(where: { name($0) == holder }).map({ deaths[$0] })
            else { continue }
            let move = try await scene.move(of: job, to: .retrying)
            detected.append(move.at.since(death))
            let next = try await scene.move(of: job, to: .running, from: move.at)
            recovered.append(next.at.since(death))
        }
        await spare.abort()
        return [
            DetectFigure("\(title): retrying", bound: bound, detected),
            DetectFigure("\(title): runs elsewhere", recovered),
        ]
    }

    private var title: String {
        if !isKilled { return "worker stopped" }
        return isNetwork ? "worker killed, TCP" : "worker killed, Unix socket"
    }

    /// On a Unix socket the end of the process itself is seen; else a lease of 15 s ends first.
    private var bound: Duration { isKilled && !isNetwork ? .seconds(1) : .seconds(16) }

    private func name(_ index: Int) -> String { "held-\(index)" }

    private func start(_ index: Int, _ endpoint: RPCEndpoint) throws -> Process {
        let process = Process()
        process.executableURL = BenchProgram.own
        process.arguments = ["holding-worker", "\(endpoint)", name(index)]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func finish(_ scene: DetectScene, _ workers: [Process]) async {
        for worker in workers {
            kill(worker.processIdentifier, SIGKILL)
            worker.waitUntilExit()
        }
        await scene.close()
    }
}
