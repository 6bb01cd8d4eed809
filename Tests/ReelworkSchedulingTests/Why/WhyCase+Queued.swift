// SPDX-License-Identifier: Apache-2.0
// Reelwork: causes for which a job waits

import ReelworkCore

@testable import ReelworkScheduling

extension WhyCase {
    private static let grace = Duration.seconds(600)
    private static let gpu = Label(name: "gpu", value: "yes")

    private static func policy(_ tenants: [String: TenantPolicy]) -> SchedulerPolicy {
        SchedulerPolicy(retry: RetryPolicy(jitter: .none), tenants: tenants)
    }

    /// Causes for which a job waits for its time, its queue or its tenant.
    static let holds: [WhyCase] = [
        WhyCase("not before", [.notBefore], next: .seconds(60), "2023-11-14T22:14:20.000Z") {
            let due = $0.now.wall.advanced(by: .seconds(60))
            _ = $0.worker("w1")
            return $0.job { $0.notBefore = due }
        },
        WhyCase(
            "not before, and nobody can ever",
            [.notBefore, .noEngine, .unfitGrace],
            next: .seconds(60),
            "2023-11-14T22:14:20.000Z"
        ) {
            let due = $0.now.wall.advanced(by: .seconds(60))
            _ = $0.worker("w1", engines: [])
            return $0.job { $0.notBefore = due }
        },
        WhyCase(
            "not before a time long after the grace",
            [.notBefore, .noEngine, .unfitGrace],
            next: .seconds(7_200),
            "it may not start before"
        ) {
            let due = $0.now.wall.advanced(by: .seconds(7_200))
            _ = $0.worker("w1", engines: [])
            return $0.job { $0.notBefore = due }
        },
        WhyCase("a paused queue", [.pausedQueue], "`reelwork queue resume default`") {
            _ = $0.set(.standard, isPaused: true)
            _ = $0.worker("w1")
            return $0.job()
        },
        WhyCase(
            "a tenant's cap",
            [.tenantCap],
            "tenant a has all that it may have: 1 jobs",
            policy: policy(["a": TenantPolicy(heldMax: 1)])
        ) {
            _ = $0.worker("w1", slots: 2)
            _ = $0.job { $0.tenant = "a" }
            return $0.job { $0.tenant = "a" }
        },
        WhyCase("another tenant's turn", [.busy, .tenantTurn], "w1 is full") {
            let session = $0.worker("w1")
            _ = $0.jobs(2, of: "a")
            $0.pass(.seconds(1))
            let job = $0.jobs(1, of: "a")[0]
            $0.end($0.assignments(session)[0], session)
            _ = $0.jobs(1, of: "b")
            return job
        },
        WhyCase("no decision yet", [.tenantTurn], "w1 is free for it") {
            _ = $0.worker("w1")
            let spec = JobSpec(engine: "ffmpeg", input: "/in", output: "/out/early")
            $0.scheduler.handle(
                .submit(
                    $0.tag(),
                    [World.submission(spec, key: "early")],
                    isAtomic: false,
                    actor: "uid:1"
                ),
                now: $0.now
            )
            return JobNumber(1)
        },
    ]

    /// Causes that lie with the workers.
    static let workers: [WhyCase] = [
        WhyCase(
            "no worker at all",
            [.noWorker, .unfitGrace],
            next: grace,
            "start one with `reelwork worker`"
        ) { $0.job() },
        WhyCase("no engine", [.noEngine, .unfitGrace], next: grace, "w1 has no ffmpeg") {
            _ = $0.worker("w1", engines: [EngineReport(name: "x", version: "1", encoders: [])])
            return $0.job()
        },
        WhyCase("the grace runs", [.noEngine, .unfitGrace], next: .seconds(500), "w1 has no") {
            let session = $0.worker("w1", engines: [])
            let job = $0.job()
            $0.sweep(.cleanup)
            $0.live(session, job, media: .zero, for: .seconds(100))
            return job
        },
        WhyCase(
            "a broken engine",
            [.engineBroken, .unfitGrace],
            next: grace,
            "w1 cannot use ffmpeg: no such file"
        ) {
            var broken = World.ffmpeg
            broken.problem = "no such file"
            _ = $0.worker("w1", engines: [broken])
            return $0.job()
        },
        WhyCase(
            "no encoder",
            [.noEncoder, .unfitGrace],
            next: grace,
            "w1 has no libx265 for ffmpeg"
        ) {
            _ = $0.worker("w1")
            return $0.job { $0.encoders = ["libx264", "libx265"] }
        },
        WhyCase(
            "a missing label",
            [.missingLabel, .unfitGrace],
            next: grace,
            "w1 lacks the label gpu=yes"
        ) {
            _ = $0.worker("w1")
            return $0.job { $0.require = [gpu] }
        },
        WhyCase(
            "too small",
            [.tooSmall, .unfitGrace],
            next: grace,
            "w1 is too small: it has 1 slot, the job needs 2"
        ) {
            _ = $0.worker("w1")
            return $0.job { $0.needs = [ResourceAmount(name: "slot", amount: 2)] }
        },
        WhyCase("busy", [.busy], "w1 is full (slot: 1 of 1 used; the job needs 1)") {
            _ = $0.worker("w1")
            _ = $0.job()
            return $0.job()
        },
        WhyCase(
            "no session on any GPU",
            [.busy],
            "w1 is full (gpu_session: 1 of 1 used; the job needs 1)"
        ) {
            _ = $0.worker(World.registration("w1", slots: 8, capacity: ["gpu_session:0": 1]))
            let session = World.candidate(needs: ["gpu_session": 1])
            _ = $0.job(of: [session])
            return $0.job(of: [session])
        },
        WhyCase(
            "no GPU at all",
            [.tooSmall, .unfitGrace],
            next: grace,
            "w1 is too small: it has 0 gpu_session, the job needs 1"
        ) {
            _ = $0.worker("w1")
            return $0.job(of: [World.candidate(needs: ["gpu_session": 1])])
        },
        WhyCase(
            "no room by a guess",
            [.busy],
            "w1 is full (memory_mib: 800 of 1000 used; the job needs 800)"
        ) {
            _ = $0.worker(
                World.registration(
                    "w1",
                    slots: 8,
                    capacity: ["memory_mib": 1_000],
                    declared: ["memory_mib"]
                )
            )
            let large = World.candidate(estimates: ["memory_mib": 800])
            _ = $0.job(of: [large])
            return $0.job(of: [large])
        },
        WhyCase("no credit", [.noCredit], "w1 takes no more now") {
            _ = $0.worker("w1", credit: 0)
            return $0.job()
        },
        WhyCase("draining", [.draining], "`reelwork workers resume w1`") {
            _ = $0.worker("w1")
            _ = $0.set("w1", .drain(within: nil))
            return $0.job()
        },
        WhyCase("draining, with an end", [.draining], next: .seconds(40), "w1 is draining") {
            _ = $0.worker("w1")
            _ = $0.set("w1", .drain(within: .seconds(40)))
            return $0.job()
        },
        WhyCase("told to stop", [.draining], "w1 was told to stop") {
            let session = $0.worker("w1")
            $0.credit(session, 1, isDraining: true)
            return $0.job()
        },
        WhyCase("cordoned", [.cordoned], "w1 gets no work (it failed 3 jobs)") {
            _ = $0.worker("w1")
            if let index = $0.scheduler.fleet.index(named: "w1") {
                $0.scheduler.fleet[index].cordon = Cordon(
                    since: $0.now.wall,
                    reason: "it failed 3 jobs"
                )
                $0.scheduler.workerChanged(index)
            }
            return $0.job()
        },
        WhyCase("suspect", [.suspect], next: .seconds(15), "w1 is not connected") {
            $0.close($0.worker("w1"))
            return $0.job()
        },
        WhyCase("dead", [.dead], "w1 is dead") {
            $0.close($0.worker("w1"))
            $0.pass(.seconds(15))
            return $0.job()
        },
        WhyCase("stopped", [.stopped], "w1 was stopped") {
            $0.close($0.worker("w1"), isFarewell: true)
            return $0.job()
        },
        WhyCase(
            "refused there",
            [.refused, .unfitGrace, .failedBefore],
            next: grace,
            "w1 said that it cannot run this job"
        ) {
            let session = $0.worker("w1")
            let job = $0.job()
            $0.start(session, job, 1)
            $0.fail(session, job, 1, .capabilityMismatch)
            $0.pass(.seconds(5))
            return job
        },
        WhyCase("lost there", [.pausedQueue, .failedBefore], "queue default is paused") {
            let session = $0.worker("w1")
            let job = $0.job()
            _ = $0.set(.standard, isPaused: true)
            $0.start(session, job, 1)
            $0.fail(session, job, 1, .resourceError)
            $0.pass(.seconds(5))
            return job
        },
        WhyCase("a film may stand", [.dead, .lookOnly, .failedBefore], "w1 is dead") {
            let session = $0.worker("w1")
            let job = $0.job { $0.retries = 0 }
            $0.start(session, job, 1)
            $0.ready(session, job, 1)
            $0.processGone(session)
            return job
        },
    ]
}
