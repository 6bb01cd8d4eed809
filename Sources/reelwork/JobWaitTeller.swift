// SPDX-License-Identifier: Apache-2.0
// Reelwork: asks why watched jobs do not start

import ReelworkClient
import ReelworkCore

/// Asks what jobs that stay queued wait for.
struct JobWaitTeller {
    /// How long a job is queued before anybody asks, and between two questions about it.
    static let patience = Duration.seconds(2)
    /// Jobs that are asked about each time: those that come first, as on a screen.
    static let jobsMax = 16

    private let ask: @Sendable (JobNumber) async throws -> JobStanding
    private var since: [JobNumber: ContinuousClock.Instant] = [:]
    private var due: ContinuousClock.Instant?
    private var told: Set<String> = []

    /// Makes one that asks the scheduler so.
    init(ask: @escaping @Sendable (JobNumber) async throws -> JobStanding) {
        self.ask = ask
    }

    /// What each of these queued jobs waits for; nil where it is not time to ask.
    mutating func reasons(
        _ queued: [JobNumber],
        now: ContinuousClock.Instant = .now
    ) async throws -> [JobNumber: JobWait]? {
        let standing = Set(queued)
        since = since.filter { standing.contains($0.key) }
        for number in queued where since[number] == nil { since[number] = now }
        let late = queued.filter { number in
            since[number].map { now - $0 >= JobWaitTeller.patience } ?? false
        }
        guard !late.isEmpty else { return [:] }
        if let due, now < due { return nil }
        due = now + JobWaitTeller.patience
        var reasons: [JobNumber: JobWait] = [:]
        for number in late.prefix(JobWaitTeller.jobsMax) {
            reasons[number] = JobWait(try await ask(number))
        }
        return reasons
    }

    /// Lines for those who have no live screen: each reason once, with the jobs it holds for.
    mutating func lines(_ reasons: [JobNumber: JobWait]) -> [String] {
        var jobs: [String: [JobNumber]] = [:]
        for (number, wait) in reasons where !told.contains(wait.answer) {
            jobs[wait.answer, default: []].append(number)
        }
        told.formUnion(jobs.keys)
        return jobs.map { (answer: $0.key, numbers: $0.value.sorted()) }
            .sorted { ($0.numbers[0], $0.answer) < ($1.numbers[0], $1.answer) }
            .map { answer, numbers in
                let more = numbers.count - 1
                let who = "\(numbers[0])" + (more > 0 ? " and \(more) more wait" : " waits")
                return ShownLine.escaped("\(who): \(reasons[numbers[0]]?.words ?? answer)")
            }
    }
}
