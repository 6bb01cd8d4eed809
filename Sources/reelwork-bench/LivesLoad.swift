// SPDX-License-Identifier: Apache-2.0
// Reelwork: connections that live jobs through

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization

/// Connections that live jobs through: each submits, is handed, starts and finishes jobs in turn.
struct LivesLoad: Sendable {
    let endpoint: RPCEndpoint
    let connections: Int
    let batch: Int
    let time: Duration

    /// Runs the load; lives a second.
    func run() async throws -> Double {
        var lanes: [Lane] = []
        for index in 0..<connections { lanes.append(try await open(index)) }
        let counter = LifeCounter()
        let lives = try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes {
                group.addTask { try await live(lane, counter) }
            }
            let clock = ContinuousClock()
            let begin = clock.now
            // A lane that ends early would strand jobs of others in its hands, so all are cut off
            // together and only what was finished by then counts.
            group.addTask {
                try await Task.sleep(for: time)
                counter.stop()
            }
            while !counter.isStopped, try await group.next() != nil {}
            let took = begin.duration(to: clock.now)
            let count = counter.count
            for lane in lanes {
                await lane.submitter.abort()
                await lane.worker.abort()
            }
            group.cancelAll()
            while let result = await group.nextResult() { _ = result }
            return Double(count) / took.seconds
        }
        return lives
    }

    private struct Lane: Sendable {
        let index: Int
        let submitter: RPCConnection
        let worker: RPCConnection
    }

    private func open(_ index: Int) async throws -> Lane {
        let submitter = try await RPCConnection.connect(
            to: endpoint,
            role: .submitter,
            agent: "bench"
        )
        let worker = try await RPCConnection.connect(to: endpoint, role: .worker, agent: "bench")
        let registration = WorkerRegistration(
            name: "bench-\(index)",
            incarnation: UInt64(index) + 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: UInt64(batch))],
            engines: [EngineReport(name: "ffmpeg", version: "bench", encoders: Self.encoders)]
        )
        _ = try await worker.call(
            Register.self,
            Register.Request(worker: registration, held: [])
        )
        worker.send(Credit.self, Credit.Event(assignLimit: UInt64(batch)))
        return Lane(index: index, submitter: submitter, worker: worker)
    }

    private static let encoders = ["libx264", "aac"]

    private func live(_ lane: Lane, _ counter: LifeCounter) async throws {
        var limit = UInt64(batch)
        var pushes = lane.worker.pushes.makeAsyncIterator()
        var round = 0
        while !counter.isStopped {
            round += 1
            let items = (0..<batch).map { item in
                let name = "\(lane.index)-\(round)-\(item)"
                return SubmitItem(key: "bench-\(name)", spec: spec(name))
            }
            let answer = try await lane.submitter.call(
                SubmitBatch.self,
                SubmitBatch.Request(isAtomic: false, items: items)
            )
            guard let first = answer.results.first, first.code == .known(.ok) else {
                throw BenchError("a submission was refused: \(answer.results)")
            }
            // What the commits of others bring arrives in pieces; it is reported as one batch.
            var held: [Assignment] = []
            while held.count < batch {
                guard let push = await pushes.next() else { return }
                switch push {
                case .assign(let event): held += event.assignments
                case .inventory(let request):
                    lane.worker.respond(
                        ErrorMessage(.unimplemented),
                        method: .inventory,
                        to: request
                    )
                case .closed(let error): throw error ?? RPCError(.closed, "closed")
                case .revoke, .logRead, .canceled, .farewell: break
                }
            }
            limit += UInt64(held.count)
            try await finish(held, lane, limit)
            counter.add(held.count)
        }
    }

    private func finish(
        _ assignments: [Assignment],
        _ lane: Lane,
        _ limit: UInt64
    ) async throws {
        let now = Timestamp(milliseconds: 0)
        let starts = assignments.map { assignment in
            ReportItem(
                number: assignment.number,
                attempt: assignment.attempt,
                at: now,
                content: .started(
                    ReportItem.Start(mediaDuration: .seconds(10), limit: .seconds(60))
                )
            )
        }
        let started = try await lane.worker.call(Report.self, Report.Request(items: starts))
        let ends = assignments.map { assignment in
            ReportItem(
                number: assignment.number,
                attempt: assignment.attempt,
                at: now,
                content: .finished(nil, ReportItem.Finish(hasNoFile: true))
            )
        }
        let finished = try await lane.worker.call(
            Report.self,
            Report.Request(assignLimit: limit, items: ends)
        )
        for result in started.results + finished.results where result.code != .known(.ok) {
            throw BenchError("a report was refused: \(result)")
        }
    }

    private func spec(_ name: String) -> [UInt8] {
        JobSpec(
            engine: "ffmpeg",
            input: "/films/in/\(name).mov",
            output: "/films/out/\(name).mp4",
            parameters: [
                Parameter(key: "codec", value: "h264"), Parameter(key: "crf", value: "23"),
                Parameter(key: "preset", value: "fast"),
                Parameter(key: "resolution", value: "1280x720"),
            ]
        ).encoded
    }
}
