// SPDX-License-Identifier: Apache-2.0
// Reelwork: causes for which a job is where it is in a worker's hands, or has ended

import ReelworkCore

@testable import ReelworkScheduling

extension WhyCase {
    /// A job that a worker has started.
    private static func started(
        _ world: inout World,
        limit: Duration? = nil,
        _ change: (inout JobSpec) -> Void = { _ in }
    ) -> (SessionID, JobNumber) {
        let session = world.worker("w1")
        let job = world.job(change)
        world.start(session, job, 1, limit: limit)
        return (session, job)
    }

    /// Causes for which a job is in a worker's hands.
    static let held: [WhyCase] = [
        WhyCase(
            "assigned",
            [.assigned],
            next: .seconds(300),
            "w1 has it (attempt 1) and must start within 5m"
        ) {
            _ = $0.worker("w1")
            return $0.job()
        },
        WhyCase("running", [.running, .deadline], next: .seconds(120), "has started it") {
            started(&$0).1
        },
        WhyCase("encoding", [.encoding, .deadline], next: .seconds(120), "5s of the film") {
            let (session, job) = started(&$0)
            $0.progress(session, job, 1, media: .seconds(5))
            return job
        },
        WhyCase(
            "stalls soon",
            [.encoding, .deadline, .stalledSoon],
            next: .seconds(25),
            "5s of the film"
        ) {
            let (session, job) = started(&$0)
            $0.live(session, job, media: .seconds(5), for: .seconds(95))
            return job
        },
        WhyCase("extended", [.encoding, .extended], next: .seconds(50), "20s of the film") {
            let (session, job) = started(&$0, limit: .seconds(20))
            $0.live(session, job, media: .seconds(5), for: .seconds(15))
            $0.live(session, job, media: .seconds(20), for: .seconds(15))
            return job
        },
        WhyCase(
            "verifying",
            [.verifying, .deadline],
            next: .seconds(1800),
            "has encoded it and verifies it"
        ) {
            let (session, job) = started(&$0)
            $0.progress(session, job, 1, media: .seconds(5), permille: 1000)
            return job
        },
        WhyCase(
            "publishing",
            [.publishing, .deadline],
            next: .seconds(1800),
            "may publish its film"
        ) {
            let (session, job) = started(&$0)
            $0.ready(session, job, 1)
            return job
        },
        WhyCase("a submitter's limit", [.running, .deadline], next: .seconds(30), "w1 has it") {
            started(&$0) { $0.timeout = .seconds(30) }.1
        },
        WhyCase(
            "its worker is suspect",
            [.running, .deadline, .suspect],
            next: .seconds(15),
            "w1 has it"
        ) {
            let (session, job) = started(&$0)
            $0.close(session)
            return job
        },
        WhyCase(
            "its worker drains",
            [.running, .deadline, .draining],
            next: .seconds(20),
            "w1 has it"
        ) {
            let job = started(&$0).1
            _ = $0.set("w1", .drain(within: .seconds(20)))
            return job
        },
        WhyCase(
            "backoff",
            [.backoff, .failedBefore],
            next: .seconds(5),
            "it goes back to its queue in 5s (retry 1 of 3)"
        ) {
            let (session, job) = started(&$0)
            $0.fail(session, job, 1, .runtimeError)
            return job
        },
    ]

    /// Causes for which a job has ended.
    static let ended: [WhyCase] = [
        WhyCase("completed", [.completed], "it was completed on w1 in attempt 1") {
            let (session, job) = started(&$0)
            $0.ready(session, job, 1)
            $0.finish(session, job, 1)
            return job
        },
        WhyCase("canceled", [.userCanceled], "it was canceled by uid:1: no") {
            let job = $0.job()
            _ = $0.cancel(job)
            return job
        },
        WhyCase(
            "rejected",
            [.rejected],
            "it was rejected: no worker of the fleet can run it (needs ffmpeg)"
        ) {
            let job = $0.job()
            $0.sweep(.cleanup)
            $0.pass(.seconds(600))
            $0.sweep(.cleanup)
            return job
        },
        WhyCase(
            "never tried again",
            [.failed, .notRetriable],
            "it failed, input_error: broken"
        ) {
            let (session, job) = started(&$0)
            $0.fail(session, job, 1, .inputError)
            return job
        },
        WhyCase(
            "marked as final",
            [.failed, .notRetriable],
            "it failed, runtime_error: never"
        ) {
            let (session, job) = started(&$0)
            let failure = ReportItem.Failure(.runtimeError, error: "never", isFinal: true)
            $0.report(session, job, 1, .failed(failure))
            return job
        },
        WhyCase("retries spent", [.failed, .retriesSpent], "it failed, runtime_error: broken") {
            let (session, job) = started(&$0) { $0.retries = 0 }
            $0.fail(session, job, 1, .runtimeError)
            return job
        },
        WhyCase("timed out", [.failed, .retriesSpent], "it failed, timeout: timed out: no start") {
            let session = $0.worker("w1")
            let job = $0.job { $0.retries = 0 }
            $0.live(session, job, media: .zero, for: .seconds(300))
            return job
        },
        WhyCase("quarantined", [.failed, .quarantined], "3 agents died while they had it") {
            let job = $0.job { $0.retries = 10 }
            for name in ["w1", "w2", "w3"] {
                $0.killAgent(name, incarnation: 1, under: job)
                $0.pass(.seconds(60))
            }
            return job
        },
        WhyCase(
            "forced",
            [.failed, .forced],
            "it failed: failed by an administrator: why"
        ) {
            let job = started(&$0).1
            _ = $0.recover(.jobs([ResolvedJob(number: job)]), .fail)
            return job
        },
        WhyCase("not on disk", [.ending], "is not on disk yet") {
            let job = $0.job()
            $0.scheduler.handle(
                .cancel($0.tag(), [ResolvedJob(number: job)], reason: "no", actor: "uid:1"),
                now: $0.now
            )
            return job
        },
    ]
}
