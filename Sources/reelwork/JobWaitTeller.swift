// SPDX-License-Identifier: Apache-2.0
// Reelwork: asks why watched jobs do not start

import ReelworkClient
import ReelworkCore

/// Asks what jobs that stay queued wait for.
struct JobWaitTeller {
    /// How long a job is queued before anybody asks, and between questions.
    static let patience = Duration.seconds(2)
    /// The same where each has been asked for: many may wait, and each question costs the scheduler
    /// time.
    static let patienceAgain = Duration.seconds(10)
    /// Jobs that are asked for at a time.
    static let jobsAtOnce = 4
    /// Jobs that are asked for at all: those that come first, as on a screen.
    static let jobsMax = 16

    private let ask: @Sendable (JobNumber) async throws -> JobStanding
    private var since: [JobNumber: ContinuousClock.Instant] = [:]
    private var due: ContinuousClock.Instant?
    /// What was answered last, and the round in which it was.
    private var waits: [JobNumber: JobWait] = [:]
    private var rounds: [JobNumber: Int] = [:]
    private var round = 0
    private var told: Set<String> = []

    /// Makes one that asks the scheduler so.
    init(ask: @escaping @Sendable (JobNumber) async throws -> JobStanding) {
        self.ask = ask
    }

    /// What each of these queued jobs waits for, as far as it was asked; nil where it is not time
    /// to ask.
    mutating func reasons(
        _ queued: [JobNumber],
        now: ContinuousClock.Instant = .now
    ) async throws -> [JobNumber: JobWait]? {
        let standing = Set(queued)
        since = since.filter { standing.contains($0.key) }
        waits = waits.filter { standing.contains($0.key) }
        rounds = rounds.filter { standing.contains($0.key) }
        for number in queued where since[number] == nil { since[number] = now }
        let late = queued.filter { number in
            since[number].map { now - $0 >= JobWaitTeller.patience } ?? false
        }.prefix(JobWaitTeller.jobsMax)
        guard !late.isEmpty else { return [:] }
        if let due, now < due, late.allSatisfy({ rounds[$0] != nil }) || now < due - gain {
            return nil
        }
        due = now + JobWaitTeller.patienceAgain
        round += 1
        // Those first that were never asked for, then those for whom it is longest ago.
        let next = late.sorted { (rounds[$0, default: 0], $0) < (rounds[$1, default: 0], $1) }
        for number in next.prefix(JobWaitTeller.jobsAtOnce) {
            waits[number] = JobWait(try await ask(number))
            rounds[number] = round
        }
        return waits
    }

    /// By how much sooner one that was never asked for is asked for.
    private var gain: Duration { JobWaitTeller.patienceAgain - JobWaitTeller.patience }

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
