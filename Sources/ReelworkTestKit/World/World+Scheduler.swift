// SPDX-License-Identifier: Apache-2.0
// Reelwork: the scheduler of a simulated world

import ReelworkCore
import ReelworkDaemon
import ReelworkScheduling
import ReelworkWorker

extension World {
    // MARK: - Submitters

    /// A submitter asks again, with the same key, until it has an answer.
    mutating func submit(_ job: Int) {
        guard !accepted.contains(job) else { return }
        plan(.submit(job), after: .seconds(5))
        guard isSchedulerUp else { return }
        let spec = JobSpec(
            engine: "ffmpeg",
            queue: JobQueue.allCases[Int(random.next() % 3)],
            priority: JobPriority.allCases[Int(random.next() % 3)],
            input: "/in/\(job)",
            output: "/out/\(job)"
        )
        let key = "job-\(job)"
        let existing = (try? store.find([key]))?.first ?? nil
        input(
            .submit(
                RequestTag(connection: 0, request: UInt32(job), method: .submitBatch),
                [
                    Submission(
                        key: key,
                        bytes: Array(key.utf8),
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

    // MARK: - The scheduler's turn

    mutating func input(_ input: SchedulerInput) {
        guard isSchedulerUp else { return }
        scheduler.handle(input, now: now)
        turn()
    }

    /// Settles where no commit is under way, and plans the next look at the timers.
    mutating func turn() {
        guard isSchedulerUp else { return }
        if sweepAt <= now.boot {
            sweepAt = now.boot.advanced(by: .seconds(5))
            for sweep in SchedulerSweep.allCases { scheduler.handle(.sweep(sweep), now: now) }
        }
        if commit.isIdle {
            let number = scheduler.commit
            let effects = scheduler.settle(now: now)
            if !effects.isEmpty {
                carryOut(commit.handle(.effects(number, effects), now: now.boot))
            }
        }
        // While a commit is under way no timer is acted on; its end brings the next turn.
        guard commit.isIdle else { return }
        let next = min(scheduler.nextTimer ?? .distantFuture, sweepAt)
        guard next < schedulerTickAt else { return }
        schedulerTickAt = max(next, now.boot)
        plan(.schedulerTick(life: schedulerLife), at: next)
    }

    private mutating func carryOut(_ actions: [CommitMachine.Action]) {
        for action in actions {
            switch action {
            case .write(let batch):
                var effects = SchedulerEffects()
                effects.batch = batch
                committing = effects
                plan(.committed(life: schedulerLife), after: duration(0...3))
            case .release(let number, let effects):
                release(effects)
                scheduler.handle(.committed(number), now: now)
            case .beginReadOnly, .endReadOnly: break
            case .exit(let error): violation("the store failed: \(error.explanation)")
            }
        }
    }

    mutating func committed() {
        guard let batch = committing?.batch else { return }
        committing = nil
        do throws(StoreError) {
            try store.apply(batch)
            carryOut(commit.handle(.written, now: now.boot))
        } catch {
            violation("a batch was refused: \(error.explanation)")
            carryOut(commit.handle(.failed(error), now: now.boot))
        }
        turn()
    }

    private mutating func release(_ effects: SchedulerEffects) {
        for insert in effects.batch.inserts {
            specs[insert.number] = JobSpec(
                input: "",
                output: "/out/" + insert.key.dropFirst(4)
            )
            if chance(options.cancelsPermille) {
                plan(.cancel(insert.number), after: duration(100...60_000))
            }
        }
        for output in effects.outputs {
            switch output {
            case .push(let session, let push): send(push, to: session.rawValue)
            case .answer(let tag, let answer): send(answer, to: tag)
            }
        }
    }

    private mutating func send(_ push: SchedulerPush, to link: UInt64) {
        switch push {
        case .assign(let assignment, let index): post(link, .assign(assignment, index: index))
        case .revoke(let revocation): post(link, .revoke(revocation))
        case .inventory: post(link, .inventory)
        case .close: post(link, .close)
        }
    }

    private mutating func send(_ answer: SchedulerAnswer, to tag: RequestTag) {
        let sentAt = BootInstant(nanoseconds: sentTimes.removeValue(forKey: tag) ?? 0)
        switch answer {
        case .registered(_, let heartbeat, let lease, let verdicts):
            post(
                tag.connection,
                .registered(heartbeat: heartbeat, lease: lease, verdicts)
            )
        case .heartbeat: post(tag.connection, .heartbeat(sentAt: sentAt))
        case .results(let results) where tag.method == .report:
            post(tag.connection, .reported(results, sentAt: sentAt))
        case .refused(_, _, let retryAfter) where tag.connection != 0:
            if tag.method == .heartbeat || tag.method == .register {
                post(tag.connection, .close)
            } else {
                post(tag.connection, .refused(retryAfter, wasReport: tag.method == .report))
            }
        case .submitted: accepted.insert(Int(tag.request))
        case .results, .recovered, .located, .workers, .metrics, .refused: break
        }
    }

    /// Messages of a connection stay in order; those of a lost one are lost.
    private mutating func post(_ link: UInt64, _ message: ToWorker) {
        guard let worker = workerByLink[link] else { return }
        let at = max(now.boot.advanced(by: duration(0...5)), workers[worker].answersAt)
        workers[worker].answersAt = at
        plan(.toWorker(worker: worker, link: link, message), at: at)
    }

    // MARK: - What workers send

    mutating func receive(_ message: ToScheduler, from worker: Int, _ link: UInt64) {
        guard isSchedulerUp, workerByLink[link] == worker else { return }
        let session = SessionID(rawValue: link)
        requestLast += 1
        switch message {
        case .register(let registration, let held):
            input(
                .register(
                    RequestTag(connection: link, request: requestLast, method: .register),
                    session,
                    registration,
                    held: held.map(resolve)
                )
            )
        case .heartbeat(let note, let sentAt):
            let tag = RequestTag(connection: link, request: requestLast, method: .heartbeat)
            sentTimes[tag] = sentAt.nanoseconds
            input(.heartbeat(tag, session, note))
        case .credit(let limit, let isDraining):
            input(.credit(session, assignLimit: limit, isDraining: isDraining))
        case .report(let limit, let items, let sentAt):
            let tag = RequestTag(connection: link, request: requestLast, method: .report)
            sentTimes[tag] = sentAt.nanoseconds
            var ended: [JobNumber: JobMachine] = [:]
            for item in items where !scheduler.knows(item.number) {
                ended[item.number] = (try? store.job(.number(item.number)))?.row.machine
            }
            input(.report(tag, session, assignLimit: limit, items, ended: ended))
        case .inventory(let seen, let held):
            input(.inventory(session, assignedSeen: seen, held.map(resolve)))
        }
    }

    private func resolve(_ held: HeldAttempt) -> ResolvedHeld {
        guard let job = try? store.job(.id(held.id)) else {
            return ResolvedHeld(held: held, job: ResolvedJob(number: nil))
        }
        return ResolvedHeld(
            held: held,
            job: ResolvedJob(number: job.row.number, stored: job.row.machine)
        )
    }

    // MARK: - Lives of the scheduler

    mutating func crashScheduler() {
        guard isSchedulerUp else { return }
        isSchedulerUp = false
        schedulerLife += 1
        // Half of the commits that were under way had reached the disk when the process died.
        if let batch = committing?.batch, chance(500) { try? store.apply(batch) }
        committing = nil
        for worker in workers.indices {
            guard let link = workers[worker].link else { continue }
            workerByLink[link] = nil
            plan(.linkLost(worker: worker, link: link), after: duration(0...5))
        }
        plan(.startScheduler, after: duration(500...20_000))
    }

    mutating func startScheduler() {
        guard !isSchedulerUp else { return }
        isSchedulerUp = true
        commit = CommitMachine()
        sentTimes = [:]
        schedulerTickAt = .distantFuture
        do throws(StoreError) {
            let snapshot = try store.load()
            for job in snapshot.jobs where specs[job.row.number] == nil {
                specs[job.row.number] = JobSpec(
                    input: "",
                    output: "/out/" + job.insert.key.dropFirst(4)
                )
            }
            scheduler = Scheduler(
                restoring: snapshot.jobs.map { job in
                    Scheduler.RestoredJob(
                        stored: job,
                        content: Submission.Content(
                            spec: JobSpec(
                                input: "/in",
                                output: "/out/" + job.insert.key.dropFirst(4)
                            ),
                            requirement: JobRequirement(
                                candidates: [EngineCandidate(engine: "ffmpeg", encoders: [])])
                        )
                    )
                },
                workers: snapshot.workers,
                nextNumber: snapshot.nextNumber,
                policy: options.policy,
                random: RandomSource(seed: options.seed, schedulerLife),
                now: now
            )
        } catch {
            violation("the store cannot be loaded: \(error.explanation)")
        }
        turn()
    }
}
