// SPDX-License-Identifier: Apache-2.0
// Reelwork: running encodes that are canceled

import Foundation
import ReelworkClient
import ReelworkCore

/// Running encodes of a real worker with the real FFmpeg, canceled one after the other.
struct CancelCase {
    let runs: Int

    /// From the request until no process of the encode lives and no file of it is left.
    func measure() async throws -> DetectFigure {
        let scene = try await DetectScene.open()
        let work = scene.server.folder.appendingPathComponent("bench")
        let worker = Process()
        do {
            for name in ["in", "out", "scratch"] {
                try FileManager.default.createDirectory(
                    at: work.appendingPathComponent(name),
                    withIntermediateDirectories: true
                )
            }
            try makeFilm(work.appendingPathComponent("in/film.mp4"))
            worker.executableURL = BenchProgram.beside("reelwork")
            worker.arguments = [
                "worker", "--connect", "\(scene.server.endpoint)", "--name", "canceler",
                "--scratch", work.appendingPathComponent("scratch").path, "--log-level", "error",
            ]
            try worker.run()
            var samples: [Duration] = []
            for _ in 0..<runs { samples.append(try await cancelOne(scene, work)) }
            await finish(scene, worker)
            return DetectFigure(
                "running encode canceled, dead and swept",
                bound: .seconds(1),
                samples
            )
        } catch {
            await finish(scene, worker)
            throw error
        }
    }

    private func cancelOne(_ scene: DetectScene, _ work: URL) async throws -> Duration {
        let jobs = try await scene.submit(
            1,
            input: work.appendingPathComponent("in/film.mp4").path,
            to: work.appendingPathComponent("out").path,
            parameters: [
                Parameter(key: "codec", value: "h264"), Parameter(key: "preset", value: "slow"),
            ]
        )
        _ = try await scene.wait(for: jobs, .running)
        let scratch = work.appendingPathComponent("scratch")
        try await wait("the encode") { !processes(below: scratch).isEmpty && !parts(work).isEmpty }
        let begin = ContinuousClock.now
        let results = try await scene.client.cancel(jobs.map { .number($0) }, reason: "bench")
        guard results.first?.code == .known(.ok) else {
            throw BenchError("a cancel was refused: \(results)")
        }
        try await wait("its end") { processes(below: scratch).isEmpty && parts(work).isEmpty }
        return ContinuousClock.now - begin
    }

    private func wait(_ what: String, _ isDone: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !isDone() {
            guard ContinuousClock.now < end else {
                throw BenchError("\(what) did not come in 30 s")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Processes that work in a folder below this one, as encoders do.
    private func processes(below folder: URL) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { name in
            guard name.first?.isNumber == true else { return false }
            let place = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(name)/cwd"
            )
            return place?.hasPrefix(folder.path + "/") == true
        }
    }

    private func parts(_ work: URL) -> [String] {
        let folder = work.appendingPathComponent("out").path
        return (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// A film that takes some seconds at least.
    private func makeFilm(_ place: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
            "testsrc2=size=1280x720:rate=25:duration=60", "-c:v", "libx264", "-preset", "ultrafast",
            place.path,
        ]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("ffmpeg could not make a film; install it, or leave out --case cancel")
        }
    }

    private func finish(_ scene: DetectScene, _ worker: Process) async {
        if worker.isRunning {
            kill(worker.processIdentifier, SIGTERM)
            worker.waitUntilExit()
        }
        await scene.close()
    }
}
