// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the scheduler of a simulated world is asked

import ReelworkCore
import ReelworkScheduling
import ReelworkWire

extension World {
    // MARK: - Submitters

    /// A submitter asks again, with the same key, until it has an answer, and sometimes beyond.
    mutating func submit(_ job: Int) {
        guard accepted[job] == nil || repeated.remove(job) != nil else { return }
        plan(.submit(job), after: .seconds(5))
        guard isSchedulerUp else { return }
        // Asked again it must be the same job.
        let dice = OpenSetDigest.mix(options.seed ^ UInt64(job))
        let spec = JobSpec(
            engine: "ffmpeg",
            queue: JobQueue.allCases[Int(dice % 3)],
            priority: JobPriority.allCases[Int(dice / 3 % 3)],
            input: "/in/\(job)",
            output: "/out/\(job)",
            retries: dice / 9 % 4 == 0 ? 0 : nil,
            tenant: WorldOptions.tenants[Int(dice / 36 % 3)]
        )
        let key = "job-\(job)"
        let found = (try? store.find([key]))?.first ?? nil
        let existing = options.mutant == .keysForgotten ? nil : found
        input(
            .submit(
                RequestTag(connection: 0, request: UInt32(job), method: .submitBatch),
                [
                    Submission(
                        key: key,
                        bytes: spec.encoded,
                        content: .success(
                            Submission.Content(
                                spec: spec,
                                requirement: JobRequirement(
                                    candidates: [EngineCandidate(engine: "ffmpeg", encoders: [])])
                            )
                        ),
                        existing: existing
                    )
                ],
                isAtomic: false,
                actor: "uid:0"
            )
        )
    }

    mutating func cancel(_ number: JobNumber) {
        guard isSchedulerUp, let job = try? store.job(.number(number)) else { return }
        input(
            .cancel(
                RequestTag(connection: 0, request: 0, method: .cancelJob),
                [ResolvedJob(number: number, stored: job.row.machine)],
                reason: "",
                actor: "uid:0"
            )
        )
    }

    /// An admin takes a job out of its worker's hands, mostly to have it run again.
    mutating func force(_ number: JobNumber) {
        guard isSchedulerUp, let job = try? store.job(.number(number)) else { return }
        let dice = random.next() % 8
        let order = RecoveryOrder(
            target: .jobs([ResolvedJob(number: number, stored: job.row.machine)]),
            action: dice == 0 ? .fail : dice < 3 ? .recover : .requeue,
            reason: "",
            actor: "uid:0"
        )
        input(.recover(RequestTag(connection: 0, request: 0, method: .recover), order))
    }

    /// An operator pauses a queue for a while, or lets it go on; asks again until it is heard.
    mutating func setQueue(_ queue: JobQueue, _ isPaused: Bool) {
        guard !isPaused || !isHealed else { return }
        guard isSchedulerUp else {
            plan(.setQueue(queue, isPaused: isPaused), after: .seconds(1))
            return
        }
        let order = QueueOrder(queue: queue, isPaused: isPaused, reason: "", actor: "uid:0")
        input(.setQueue(RequestTag(connection: 0, request: 0, method: .queueSet), order))
        if isPaused { plan(.setQueue(queue, isPaused: false), after: duration(1000...60_000)) }
    }

    /// An operator puts a job before all others of its tenant.
    mutating func bump(_ number: JobNumber) {
        guard isSchedulerUp, let job = try? store.job(.number(number)) else { return }
        input(
            .bump(
                RequestTag(connection: 0, request: 0, method: .jobBump),
                [ResolvedJob(number: number, stored: job.row.machine)],
                reason: "",
                actor: "uid:0"
            )
        )
    }

    /// An admin drains, resumes or removes a worker.
    mutating func decide(_ worker: Int, _ action: WorkerOrder.Action) {
        let order = WorkerOrder(
            name: workers[worker].name,
            action: action,
            reason: "",
            actor: "uid:0"
        )
        input(.setWorker(RequestTag(connection: 0, request: 0, method: .workerSet), order))
    }

    // MARK: - What workers send

    mutating func receive(_ message: ToScheduler, _ link: UInt64) {
        guard isSchedulerUp else { return }
        let session = SessionID(rawValue: link)
        switch message {
        case .register(let request, let registration, let held):
            let tag = RequestTag(connection: link, request: request, method: .register)
            input(.register(tag, session, registration, held: resolve(held)))
        case .heartbeat(let request, let note):
            let tag = RequestTag(connection: link, request: request, method: .heartbeat)
            input(.heartbeat(tag, session, note))
        case .credit(let limit, let isDraining):
            hear(limit, link)
            input(.credit(session, assignLimit: limit, isDraining: isDraining))
        case .report(let request, let limit, let items):
            hear(limit, link)
            let tag = RequestTag(connection: link, request: request, method: .report)
            reports[tag] = stale(items)
            for item in items where item.kind == .ready {
                guard strikes("cancel at a publication", 20) else { continue }
                plan(.cancel(item.number), after: duration(0...50))
            }
            for item in items where strikes("forced recovery at a report", 10) {
                plan(.force(item.number), after: duration(0...50))
            }
            report(tag, session, limit, items)
        case .inventory(let seen, let held):
            input(.inventory(session, assignedSeen: seen, resolve(held)))
        }
    }

    private mutating func report(
        _ tag: RequestTag,
        _ session: SessionID,
        _ limit: UInt64,
        _ reported: [ReportItem]
    ) {
        var items = reported
        if options.mutant == .attemptRewritten {
            for index in items.indices {
                items[index].attempt = lives[items[index].number]?.attempt ?? items[index].attempt
            }
        }
        var ended: [JobNumber: JobMachine] = [:]
        for item in items where !scheduler.knows(item.number) {
            ended[item.number] = (try? store.job(.number(item.number)))?.row.machine
        }
        input(.report(tag, session, assignLimit: limit, items, ended: ended))
    }

    private mutating func hear(_ limit: UInt64, _ link: UInt64) {
        guard let index = index(ofLink: link) else { return }
        links[index].creditHeard = max(links[index].creditHeard, limit)
    }

    private func resolve(_ held: [HeldAttempt]) -> [ResolvedHeld] {
        var resolved: [ResolvedHeld] = []
        for held in held {
            let job = (try? store.job(.id(held.id))) ?? nil
            resolved.append(
                ResolvedHeld(
                    held: held,
                    job: ResolvedJob(number: job?.row.number, stored: job?.row.machine)
                )
            )
        }
        return resolved
    }
}
