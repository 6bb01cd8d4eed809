// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what those are told who wait

import ReelworkClient
import ReelworkCore
import Synchronization
import Testing

@testable import reelwork

// Goal: those who wait are told what keeps their jobs, once for each answer, and the scheduler is
// not asked more than it has to be. Method: a scheduler of words, and the test's own time.
struct JobWaitTests {
    private static func standing(
        _ reasons: [(WhyCode, String)],
        _ state: JobState = .queued
    ) -> JobStanding {
        .made(.known(state), reasons.map { ($0.0.rawValue, $0.1) })
    }

    @Test func theAnswerIsToldAndWhatFollowsFromIt() {
        let plain = JobWait(Self.standing([(.busy, "w1 is full"), (.draining, "w2 is draining")]))
        #expect(plain?.words == "w1 is full")
        let warned = JobWait(
            Self.standing([(.noEngine, "w1 has no x"), (.unfitGrace, "rejected")])
        )
        #expect(warned?.words == "w1 has no x; rejected" && warned?.answer == "w1 has no x")
    }

    @Test func nothingIsToldOfWhatStartsOrHasStarted() {
        #expect(JobWait(Self.standing([(.tenantTurn, "in its turn")])) == nil)
        #expect(JobWait(Self.standing([(.running, "w1 has it")], .running)) == nil)
        #expect(JobWait(Self.standing([])) == nil)
    }

    @Test func aReasonIsToldOnceHoweverItsTimesCount() async throws {
        let left = Atomic<Int>(600)
        var teller = JobWaitTeller { number in
            let seconds = left.subtract(1, ordering: .relaxed).newValue
            return Self.standing([
                (.noWorker, "no worker"), (.unfitGrace, "rejected in \(seconds)s"),
            ])
        }
        let jobs = (1...3).map { JobNumber($0) }
        let start = ContinuousClock.now
        #expect(try await teller.reasons(jobs, now: start) == [:])
        #expect(try await teller.reasons(jobs, now: start + .seconds(1)) == [:])
        let first = try #require(try await teller.reasons(jobs, now: start + .seconds(2)))
        #expect(teller.lines(first) == ["#1 and 2 more wait: no worker; rejected in 599s"])
        #expect(try await teller.reasons(jobs, now: start + .seconds(11)) == nil)
        let second = try #require(try await teller.reasons(jobs, now: start + .seconds(12)))
        #expect(second.count == 3 && teller.lines(second) == [])
    }

    @Test func ofManyJobsTheFirstAreAskedFor() async throws {
        let asked = Mutex<[JobNumber]>([])
        var teller = JobWaitTeller { number in
            asked.withLock { $0.append(number) }
            return Self.standing([(.busy, "busy")])
        }
        let jobs = (1...1_000).map { JobNumber($0) }
        let start = ContinuousClock.now
        #expect(try await teller.reasons(jobs, now: start) == [:])
        var counts: [Int?] = []
        for second in 2...9 {
            counts.append(try await teller.reasons(jobs, now: start + .seconds(second))?.count)
        }
        #expect(counts == [4, nil, 8, nil, 12, nil, 16, nil])
        #expect(asked.withLock { $0 } == Array(jobs.prefix(JobWaitTeller.jobsMax)))
        #expect(try await teller.reasons(jobs, now: start + .seconds(17)) == nil)
        // Again, those first for whom it is longest ago; one that starts is not told of.
        let left = Array(jobs.dropFirst())
        #expect(try await teller.reasons(left, now: start + .seconds(18))?.count == 16)
        #expect(asked.withLock { $0.suffix(4) } == [17, 2, 3, 4].map { JobNumber($0) })
    }
}
