// SPDX-License-Identifier: Apache-2.0
// Reelwork: asks why watched jobs do not start

import ReelworkClient
import ReelworkCore
import ReelworkEngineKit
import ReelworkSystem

/// Asks what jobs that stay queued wait for.
struct JobWaitTeller {
    /// How long a job is queued before anybody asks.
    static let patience = Duration.seconds(2)
    /// Jobs that are looked at: more are not shown.
    private static let jobsMax = 1_000

    private let client: ReelworkClient
    private let registry: EngineRegistry?
    private var specs: [JobNumber: JobSpec]
    private var since: [JobNumber: ContinuousClock.Instant] = [:]
    private var due: ContinuousClock.Instant?
    private var told: Set<String> = []

    /// Makes one; `specs` are those that this program submitted itself.
    init(client: ReelworkClient, specs: [JobNumber: JobSpec]) {
        self.client = client
        self.specs = specs
        registry = try? EngineSet.registry()
    }

    /// What each of these queued jobs waits for; nil where it is not time to ask.
    mutating func reasons(
        _ queued: [JobNumber],
        now: ContinuousClock.Instant = .now
    ) async throws -> [JobNumber: String]? {
        let standing = Set(queued)
        since = since.filter { standing.contains($0.key) }
        for number in queued where since[number] == nil { since[number] = now }
        let late = queued.filter { number in
            since[number].map { now - $0 >= JobWaitTeller.patience } ?? false
        }
        guard !late.isEmpty else { return [:] }
        if let due, now < due { return nil }
        let workers = try await client.workers(withEngines: true)
        // A list of thousands with their engines is not asked for every other second.
        let pause = max(JobWaitTeller.patience, .milliseconds(20) * workers.count)
        due = now + pause
        var reasons: [JobNumber: String] = [:]
        for number in late.prefix(JobWaitTeller.jobsMax) {
            guard let spec = try await spec(number),
                let requirement = try? registry?.requirement(of: spec)
            else { continue }
            reasons[number] = JobWait.words(
                requirement,
                notBefore: spec.notBefore,
                workers: workers,
                now: SystemClock.wall()
            )
        }
        return reasons
    }

    /// Lines for those who have no live screen: each reason once, with the jobs it holds for.
    mutating func lines(_ reasons: [JobNumber: String]) -> [String] {
        var jobs: [String: [JobNumber]] = [:]
        for (number, reason) in reasons where !told.contains(reason) {
            jobs[reason, default: []].append(number)
        }
        told.formUnion(jobs.keys)
        return jobs.map { (reason: $0.key, numbers: $0.value.sorted()) }
            .sorted { ($0.numbers[0], $0.reason) < ($1.numbers[0], $1.reason) }
            .map { reason, numbers in
                let more = numbers.count - 1
                let who = "\(numbers[0])" + (more > 0 ? " and \(more) more wait" : " waits")
                return ShownLine.escaped("\(who): \(reason)")
            }
    }

    /// A job that another submitted is asked for once.
    private mutating func spec(_ number: JobNumber) async throws -> JobSpec? {
        if let spec = specs[number] { return spec }
        let view = try await client.job(.number(number))
        let spec = JobSpec(
            engine: view.askedEngine ?? view.engine,
            queue: view.queue.value,
            input: view.input,
            output: view.output,
            parameters: view.parameters,
            notBefore: view.notBefore
        )
        specs[number] = spec
        return spec
    }
}
