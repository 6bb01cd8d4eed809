// SPDX-License-Identifier: Apache-2.0
// Reelwork: order over the wire

import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: priority, queues, tenants, bumps and pauses decide what a worker is sent, on disk and over
/// the wire.
///
/// Method: a real daemon on SQLite and Unix sockets, a scripted worker, and the order in which it
/// is sent jobs.
@Suite(.timeLimit(.minutes(1)))
struct DaemonOrderTests {
    private static func item(
        _ name: String,
        _ change: (inout JobSpec) -> Void = { _ in }
    ) -> SubmitItem {
        var spec = JobSpec(engine: "ffmpeg", input: "/in/\(name).mov", output: "/out/\(name).mp4")
        change(&spec)
        return SubmitItem(key: "key-\(name)", spec: spec.encoded)
    }

    private static let end = ReportItem.Content.finished(nil, ReportItem.Finish(hasNoFile: true))

    /// The next jobs of a worker with one slot, each ended before the next comes.
    private func served(_ worker: RPCConnection, _ count: Int) async throws -> [JobNumber] {
        var numbers: [JobNumber] = []
        while numbers.count < count {
            let assignment = try await worker.assignment()
            numbers.append(assignment.number)
            let limit = UInt64(numbers.count + 1)
            _ = try await worker.report(assignment, Self.end, limit: limit)
        }
        return numbers
    }

    // Lesson 2: priority, queue and aging were computed and dropped. Seed: PriorityOrdering.
    @Test(arguments: [
        [(JobQueue.standard, JobPriority.low), (.standard, .high), (.standard, .medium)],
        [(.batch, .medium), (.live, .medium), (.standard, .medium)],
        [(.batch, .high), (.live, .low), (.standard, .high)],
    ])
    func levelsDecideTheOrder(levels: [(JobQueue, JobPriority)]) async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let jobs = try await submitter.submit(
                levels.enumerated().map { index, level in
                    Self.item("\(index)") { ($0.queue, $0.priority) = level }
                }
            ).map(\.number)
            let (worker, _) = try await harness.worker("w")
            #expect(try await served(worker, 3) == [jobs[1], jobs[2], jobs[0]])
        }
    }

    // Lesson 6: a GPU job at the head of the queue left every CPU worker idle.
    @Test func aJobThatTheWorkerCannotRunIsPassed() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let jobs = try await submitter.submit([
                Self.item("gpu") {
                    $0.priority = .high
                    $0.require = [Label(name: "gpu", value: "yes")]
                },
                Self.item("cpu"),
            ]).map(\.number)
            let (worker, _) = try await harness.worker("w")
            #expect(try await served(worker, 1) == [jobs[1]])
        }
    }

    // Lesson 11: one job a worker whatever its slots, and one new job in ten seconds.
    @Test func allSlotsAreFilledAtOnce() async throws {
        // No loop turns while this runs: a job that waited for one would wait for ever.
        let hour = Duration.seconds(3_600)
        let harness = try await DaemonHarness.start(
            loops: LoopIntervals(scheduling: hour, health: hour, cleanup: hour)
        )
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let (worker, _) = try await harness.worker("w", slots: 8)
        _ = try await submitter.submit((0..<8).map { Self.item("\($0)") })
        var numbers: Set<JobNumber> = []
        for await push in worker.pushes {
            if case .assign(let event) = push {
                numbers.formUnion(event.assignments.map(\.number))
            }
            if numbers.count == 8 { break }
        }
        #expect(numbers.count == 8)
        await harness.stop()
    }

    @Test func theSmallTenantIsNotBehindTheBigOnes() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            for batch in 0..<4 {
                _ = try await submitter.submit(
                    (0..<2500).map { index in Self.item("b-\(batch)-\(index)") { $0.tenant = "big" }
                    }
                )
            }
            let small = try await submitter.submit(
                (0..<10).map { index in Self.item("s-\(index)") { $0.tenant = "small" } }
            ).map(\.number)
            let (worker, _) = try await harness.worker("w")
            let order = try await served(worker, 30)
            #expect(Set(small).isSubset(of: order))
        }
    }

    @Test func aPausedQueueWaitsAlsoOverARestartAndABumpedJobIsNext() async throws {
        try await DaemonHarness.open { harness -> [JobNumber] in
            let submitter = try await harness.connect(.submitter)
            let admin = try await harness.connect(.admin)
            let paused = try await admin.call(
                QueueSet.self,
                .init(queue: .standard, action: .pause, reason: "maintenance")
            )
            #expect(paused.results == [ItemResult(.ok)])
            let jobs = try await submitter.submit(
                (0..<3).map { Self.item("\($0)") } + [Self.item("live") { $0.queue = .live }]
            ).map(\.number)
            let bumped = try await admin.call(
                JobBump.self,
                .init(refs: [.number(jobs[2]), .key("nothing")], reason: "urgent")
            )
            #expect(bumped.results.map(\.code) == [.known(.ok), .known(.notFound)])
            return jobs
        } second: { harness, jobs in
            let (worker, _) = try await harness.worker("w")
            let admin = try await harness.connect(.admin)
            let first = try await worker.assignment()
            #expect(first.number == jobs[3])
            _ = try await worker.report(first, Self.end, limit: 2)
            let metrics = try await admin.call(
                Metrics.self,
                Metrics.Request(prefix: "reelwork_queue_paused")
            )
            #expect(
                metrics.samples.map { "\($0.labels[0].value) \($0.value)" } == [
                    "live 0.0", "default 1.0", "batch 0.0",
                ]
            )
            _ = try await admin.call(
                QueueSet.self,
                .init(queue: .standard, action: .resume, reason: "done")
            )
            let next = try await worker.assignment()
            #expect(next.number == jobs[2])
        }
    }
}
