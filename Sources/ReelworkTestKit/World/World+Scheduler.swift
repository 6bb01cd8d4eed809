// SPDX-License-Identifier: Apache-2.0
// Reelwork: the scheduler of a simulated world

import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire
import ReelworkWorker

extension World {
    // MARK: - Submitters

    /// A submitter asks again, with the same key, until it has an answer.
    mutating func submit(_ job: Int) {
        guard !accepted.contains(job) else { return }
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
            retries: dice / 9 % 4 == 0 ? 0 : nil
        )
        let key = "job-\(job)"
        let existing = (try? store.find([key]))?.first ?? nil
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
            var effects = scheduler.settle(now: now)
            if options.mutant == .answerBeforeCommit {
                release(effects.outputs)
                effects.outputs = []
            }
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
            check(batch)
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
        for note in effects.notes { check(note) }
        release(effects.outputs)
    }

    /// Sends what a commit lets go: all that goes to one worker in one burst, its assignments in
    /// one frame.
    private mutating func release(_ outputs: [SchedulerOutput]) {
        var deliveries: [RPCDelivery] = []
        var gathering = AssignmentGathering()
        for output in outputs {
            switch output {
            case .push(let session, .assign(var assignment, let index)):
                check(assignment, index: index, to: session.rawValue)
                let stored = try? store.job(.number(assignment.number))
                assignment.spec = stored?.insert.spec ?? []
                gathering.add(assignment, index: index, to: session, &deliveries)
            case .push(let session, let push):
                gathering.flush(session, &deliveries)
                deliveries += delivery(of: push, to: RPCConnectionID(rawValue: session.rawValue))
            case .answer(let tag, let answer):
                gathering.flush(SessionID(rawValue: tag.connection), &deliveries)
                deliveries += delivery(of: answer, to: tag)
            }
        }
        gathering.flushAll(&deliveries)
        var touched: [UInt64] = []
        for delivery in deliveries {
            let link = delivery.connection.rawValue
            send(delivery.content, from: .server, of: link)
            if !touched.contains(link) { touched.append(link) }
        }
        for link in touched { settle(link, .server) }
    }

    private func delivery(
        of push: SchedulerPush,
        to connection: RPCConnectionID
    ) -> [RPCDelivery] {
        switch push {
        case .assign: []
        case .revoke(let revocation):
            [.event(Revoke.self, Revoke.Event(revocations: [revocation]), to: connection)]
        case .inventory: [.request(Inventory.self, EmptyRequest(), to: connection)]
        case .close(let code, let detail): [.close(code, detail: detail, to: connection)]
        }
    }

    private mutating func delivery(
        of answer: SchedulerAnswer,
        to tag: RequestTag
    ) -> [RPCDelivery] {
        let connection = RPCConnectionID(rawValue: tag.connection)
        let request = tag.request
        switch answer {
        case .registered(let session, let heartbeat, let lease, let verdicts):
            let answer = Register.Response(
                session: session.rawValue,
                heartbeat: heartbeat,
                lease: lease,
                verdicts: verdicts
            )
            return [.response(Register.self, answer, to: connection, request: request)]
        case .heartbeat:
            let answer = Heartbeat.Response()
            return [.response(Heartbeat.self, answer, to: connection, request: request)]
        case .results(let results):
            guard tag.method == .report else {
                for result in results where result.code == .known(.publishing) {
                    see(.publishingRefusal)
                }
                return []
            }
            check(results, to: tag)
            let answer = ItemResults(results: results)
            return [.response(Report.self, answer, to: connection, request: request)]
        case .refused(let code, let detail, let wait):
            guard tag.connection != 0 else { return [] }
            let error = ErrorMessage(code, retryAfter: wait, detail: detail)
            return [.error(error, method: tag.method, to: connection, request: request)]
        case .submitted(let results):
            for result in results {
                if result.code.value?.isSuccess == true {
                    checkAccepted(Int(tag.request))
                } else {
                    violation("I9: job-\(tag.request): \(result.detail ?? "")")
                }
            }
            return []
        case .recovered, .located, .workers, .metrics: return []
        }
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

    // MARK: - Lives of the scheduler

    mutating func crashScheduler() {
        guard isSchedulerUp else { return }
        isSchedulerUp = false
        schedulerLife += 1
        // Half of the commits that were under way had reached the disk when the process died.
        if let batch = committing?.batch, chance(500), (try? store.apply(batch)) != nil {
            check(batch)
        }
        committing = nil
        reports = [:]
        for index in links.indices {
            links[index].isDisturbed = true
            links[index].ends[SessionSide.server.slot] = nil
            put(.end, index, to: .client)
        }
        links.removeAll { link in link.ends.allSatisfy { $0 == nil } }
        plan(.startScheduler, after: duration(500...20_000))
    }

    mutating func startScheduler() {
        guard !isSchedulerUp else { return }
        isSchedulerUp = true
        commit = CommitMachine()
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
