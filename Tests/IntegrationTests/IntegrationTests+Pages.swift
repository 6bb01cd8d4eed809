// SPDX-License-Identifier: Apache-2.0
// Reelwork: more than a frame holds, read with the commands

import ReelworkClient
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

extension IntegrationTests {
    /// Goal: commands show all there is, however many frames it takes.
    ///
    /// Method: a real scheduler with jobs of long paths and a large fleet of scripted workers, read
    /// by the real commands.
    @Suite(.timeLimit(.minutes(2)))
    struct Pages {
        @Test func jobsWithLongPathsAreAllShown() async throws {
            try await House.open { house in
                try await house.serve()
                let client = try await house.client()
                let long = String(repeating: "/folder-of-a-long-name", count: 180)
                let jobs = (0..<400).map { index in
                    Submission(
                        JobSpec(
                            engine: "ffmpeg",
                            input: "\(long)/\(index).mov",
                            output: "\(long)/\(index).mp4"
                        )
                    )
                }
                let results = try await client.submit(jobs)
                #expect(results.allSatisfy { $0.code == .known(.ok) })
                let answer = try await house.reelwork(["jobs", "--limit", "1000", "--json"])
                #expect(answer.status == 0, "\(answer.errors)")
                let lines = answer.output.split(separator: "\n")
                #expect(lines.count == 400)
                #expect(Set(lines).count == 400)
                await client.close()
            }
        }

        @Test func aLargeFleetIsShownWhole() async throws {
            try await House.open { house in
                try await house.serve(lease: "60s")
                let encoders = (0..<50).map { "encoder-\($0)-" + String(repeating: "x", count: 90) }
                var connections: [RPCConnection] = []
                for index in 0..<300 {
                    let connection = try await RPCConnection.connect(
                        to: .unix(path: house.socket),
                        role: .worker,
                        agent: "test"
                    )
                    let worker = WorkerRegistration(
                        name: "worker-\(index)",
                        incarnation: 1,
                        capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
                        engines: [EngineReport(name: "ffmpeg", version: "1", encoders: encoders)]
                    )
                    let request = Register.Request(worker: worker, held: [])
                    _ = try await connection.call(Register.self, request)
                    connections.append(connection)
                }
                let answer = try await house.reelwork(["workers", "--json"])
                #expect(answer.status == 0, "\(answer.errors)")
                let lines = answer.output.split(separator: "\n")
                #expect(lines.count == connections.count)
                #expect(Set(lines).count == connections.count)
            }
        }
    }
}
