// SPDX-License-Identifier: Apache-2.0
// Reelwork: how long a job waits for an idle fleet

import ArgumentParser
import ReelworkCore
import ReelworkRPC
import ReelworkWire

/// How long a submission and its assignment take on an idle scheduler.
struct LatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "Submit to answer, and answer to the job at its worker, on an idle scheduler.",
        discussion: "Example: reelwork-bench latency --jobs 500"
    )

    @Option(help: "Jobs, one after the other.")
    var jobs = 500

    mutating func run() async throws {
        let server = try await BenchServer.start(folder: nil)
        defer { server.stop() }
        let submitter = try await RPCConnection.connect(
            to: server.endpoint,
            role: .submitter,
            agent: "bench"
        )
        let worker = try await RPCConnection.connect(
            to: server.endpoint,
            role: .worker,
            agent: "bench"
        )
        _ = try await worker.call(
            Register.self,
            Register.Request(
                worker: WorkerRegistration(
                    name: "bench",
                    incarnation: 1,
                    capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
                    engines: [
                        EngineReport(name: "ffmpeg", version: "1", encoders: ["libx264", "aac"])
                    ]
                ),
                held: []
            )
        )
        var answered: [Duration] = []
        var assigned: [Duration] = []
        let clock = ContinuousClock()
        var pushes = worker.pushes.makeAsyncIterator()
        for job in 0..<jobs {
            worker.send(Credit.self, Credit.Event(assignLimit: UInt64(job) + 1))
            let item = SubmitItem(
                key: "latency-\(job)",
                spec: JobSpec(engine: "ffmpeg", input: "/in/\(job)", output: "/out/\(job).mp4")
                    .encoded
            )
            let begin = clock.now
            let answer = try await submitter.call(
                SubmitBatch.self,
                SubmitBatch.Request(isAtomic: false, items: [item])
            )
            answered.append(begin.duration(to: clock.now))
            guard answer.results.first?.code == .known(.ok) else {
                throw BenchError("a submission was refused: \(answer.results)")
            }
            waiting: while let push = await pushes.next() {
                guard case .assign(let event) = push, let assignment = event.assignments.first
                else { continue }
                assigned.append(begin.duration(to: clock.now))
                _ = try await worker.call(
                    Report.self,
                    Report.Request(items: [
                        ReportItem(
                            number: assignment.number,
                            attempt: assignment.attempt,
                            at: Timestamp(milliseconds: 0),
                            content: .finished(nil, ReportItem.Finish(hasNoFile: true))
                        )
                    ])
                )
                break waiting
            }
        }
        show("submit answered", answered)
        show("job at its worker, from submit", assigned)
    }

    private func show(_ name: String, _ durations: [Duration]) {
        let sorted = durations.sorted()
        guard !sorted.isEmpty else { return }
        let median = sorted[sorted.count / 2].seconds * 1000
        let late = sorted[min(sorted.count - 1, sorted.count * 99 / 100)].seconds * 1000
        print("\(name): median \(rounded(median)) ms, p99 \(rounded(late)) ms")
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
