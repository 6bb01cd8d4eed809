// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler with jobs that are watched

import Foundation
import ReelworkClient
import ReelworkCore
import ReelworkRPC

/// A scheduler with jobs whose histories are read.
struct DetectScene {
    let server: BenchServer
    let client: ReelworkClient

    /// Starts a scheduler, on a port where one is named; `settings` are environment variables.
    static func open(
        port: Int? = nil,
        settings: [String: String] = [:]
    ) async throws -> DetectScene {
        let server = try await BenchServer.start(folder: nil, port: port, settings: settings)
        do {
            let client = try await ReelworkClient.connect(
                ReelworkConfiguration(
                    endpoints: ["\(server.endpoint)"],
                    agent: "bench",
                    patience: .seconds(30)
                )
            )
            return DetectScene(server: server, client: client)
        } catch {
            server.stop()
            throw error
        }
    }

    func close() async {
        await client.close()
        server.stop()
    }

    /// The wall clock, as the scheduler on this machine reads it.
    static var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// Submits jobs that differ in their output.
    func submit(
        _ count: Int,
        input: String = "/in/film.mov",
        to folder: String = "/out",
        parameters: [Parameter] = []
    ) async throws -> [JobNumber] {
        let jobs = (0..<count).map { _ in
            let name = UUID().uuidString
            return Submission(
                JobSpec(
                    engine: "ffmpeg",
                    input: input,
                    output: "\(folder)/\(name).mp4",
                    parameters: parameters
                )
            )
        }
        return try await client.submit(jobs).map { result in
            guard result.code == .known(.ok) else {
                throw BenchError("a submission was refused: \(result)")
            }
            return result.number
        }
    }

    /// Waits for a job's first move to `state` at or after `from`.
    func move(
        of job: JobNumber,
        to state: JobState,
        from begin: Timestamp = Timestamp(milliseconds: 0),
        within most: Duration = .seconds(60)
    ) async throws -> Move {
        let end = ContinuousClock.now + most
        while ContinuousClock.now < end {
            let moves = try await client.history(.number(job))
            if let move = moves.first(where: { $0.to == .known(state) && $0.at >= begin }) {
                return move
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw BenchError("job \(job) was not \(state) within \(most.words)")
    }

    /// Waits until every one of these jobs has the state.
    func wait(for jobs: [JobNumber], _ state: JobState) async throws -> [Move] {
        var moves: [Move] = []
        for job in jobs { moves.append(try await move(of: job, to: state)) }
        return moves
    }
}
