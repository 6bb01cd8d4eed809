// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler that is killed while workers encode

import ReelworkClient
import ReelworkCore

/// A scheduler that is killed and started again while ten workers hold a hundred jobs each.
struct RestartCase {
    private static let workers = 10
    private static let jobsEach = 100

    let runs: Int

    /// From the start of the new process until every attempt is confirmed to its worker.
    func measure() async throws -> DetectFigure {
        let scene = try await DetectScene.open()
        do {
            let figure = try await measure(scene)
            await scene.close()
            return figure
        } catch {
            await scene.close()
            throw error
        }
    }

    private func measure(_ scene: DetectScene) async throws -> DetectFigure {
        var fleet: [HoldingWorker] = []
        for index in 0..<RestartCase.workers { fleet.append(try await enter(scene, index, [])) }
        var lives = fleet.map { worker in Task { try await worker.run(beat: .seconds(5)) } }
        let jobs = try await scene.submit(RestartCase.workers * RestartCase.jobsEach)
        _ = try await scene.wait(for: jobs, .running)
        var samples: [Duration] = []
        for _ in 0..<runs {
            scene.server.kill()
            for life in lives { life.cancel() }
            let holdings = fleet.map(\.holding)
            let begin = ContinuousClock.now
            try scene.server.startAgain()
            var next: [HoldingWorker] = []
            for (index, holding) in holdings.enumerated() {
                next.append(try await enter(scene, index, holding))
            }
            samples.append(ContinuousClock.now - begin)
            fleet = next
            lives = fleet.map { worker in Task { try await worker.run(beat: .seconds(5)) } }
        }
        for life in lives { life.cancel() }
        // Accepted, assigned, started: nobody touched them since.
        for job in jobs {
            let moves = try await scene.client.history(.number(job))
            guard moves.count == 3 else {
                throw BenchError("job \(job) was moved by a restart: \(moves)")
            }
        }
        return DetectFigure(
            "scheduler restarted, 1,000 running encodes confirmed",
            bound: .seconds(3),
            samples
        )
    }

    private func enter(
        _ scene: DetectScene,
        _ index: Int,
        _ holding: [Assignment]
    ) async throws -> HoldingWorker {
        try await HoldingWorker.enter(
            scene.server.endpoint,
            name: "kept-\(index)",
            slots: RestartCase.jobsEach,
            limit: .seconds(3_600),
            holding: holding
        )
    }
}
