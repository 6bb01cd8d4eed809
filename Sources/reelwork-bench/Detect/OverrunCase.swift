// SPDX-License-Identifier: Apache-2.0
// Reelwork: encodes that take too long

import ReelworkCore

/// Encodes on a worker that lives, which pass their limit or hang.
struct OverrunCase {
    let runs: Int

    /// By how much a limit is overrun.
    func deadline() async throws -> DetectFigure {
        let limit = Duration.seconds(2)
        return try await measure("limit of 2 s overrun by", limit, settings: [:], after: limit)
    }

    /// By how much the window of a stall is overrun.
    func stall() async throws -> DetectFigure {
        // The standard of both is 60 s; what is late is late by the same.
        try await measure(
            "stall of 3 s overrun by",
            .seconds(3_600),
            settings: [
                "REELWORK_SERVE_JOBS_STALL_STARTUP": "1s", "REELWORK_SERVE_JOBS_STALL_WINDOW": "2s",
            ],
            after: .seconds(3)
        )
    }

    private func measure(
        _ name: String,
        _ limit: Duration,
        settings: [String: String],
        after due: Duration
    ) async throws -> DetectFigure {
        let scene = try await DetectScene.open(settings: settings)
        do {
            let worker = try await HoldingWorker.enter(
                scene.server.endpoint,
                name: "slow",
                slots: runs,
                limit: limit
            )
            let life = Task { try await worker.run(beat: .seconds(5)) }
            defer { life.cancel() }
            var late: [Duration] = []
            var jobs: [JobNumber] = []
            for _ in 0..<runs {
                jobs += try await scene.submit(1)
                try await Task.sleep(for: .milliseconds(37))
            }
            for job in jobs {
                let begun = try await scene.move(of: job, to: .running)
                let ended = try await scene.move(of: job, to: .timedOut)
                late.append(ended.at.since(begun.at) - due)
            }
            await worker.abort()
            await scene.close()
            return DetectFigure(name, bound: .seconds(1), late)
        } catch {
            await scene.close()
            throw error
        }
    }
}
