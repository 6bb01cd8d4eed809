// SPDX-License-Identifier: Apache-2.0
// Reelwork: workers that come, live and go

import ReelworkCore

extension Scheduler {
    mutating func register(
        _ tag: RequestTag,
        _ session: SessionID,
        _ registration: WorkerRegistration,
        held: [ResolvedHeld],
        now: Moment
    ) {
        if let other = fleet.index(of: session), fleet.name(other) != registration.name {
            answer(
                tag,
                .refused(
                    .invalidArgument,
                    detail:
                        "this connection is \"\(fleet.name(other))\"; a worker keeps its name",
                    retryAfter: .zero
                )
            )
            return
        }
        let index: WorkerIndex
        if let known = fleet.index(named: registration.name) {
            index = known
            if fleet[index].session?.id == session {
                updateRegistration(tag, session, index, registration, now: now)
                return
            }
            if let refusal = refusal(of: registration, for: index, now: now) {
                answer(tag, refusal)
                return
            }
            if let old = fleet[index].session {
                push(
                    old.id,
                    .close(.sessionSuperseded, detail: "the worker has connected again")
                )
            }
        } else {
            index = fleet.add(
                Worker(
                    registration: registration,
                    registered: now.wall,
                    state: .dead,
                    now: now.boot
                )
            )
        }
        let isSameLife = fleet[index].registration.incarnation == registration.incarnation
        let counted = fleet[index].open.keys.sorted()
        fleet.open(session, on: index)
        fleet[index].removeAll()
        fleet[index].update(registration)
        fleet[index].state = .alive
        fleet[index].isDraining = false
        fleet[index].isPaused = false
        touch(index, now: now)
        setLeaseTimer(index)
        effects.batch.workers.append(
            WorkerRow(
                registration: registration,
                registered: fleet[index].registered,
                isDraining: fleet[index].isToldToDrain
            )
        )
        note(.workerRegistered(name: registration.name, slots: registration.slots))
        let verdicts = held.map { verdict(on: $0, of: index, now: now) }
        for key in counted where fleet[index].open[key] == nil {
            lose(
                key,
                of: index,
                isCounted: !isSameLife,
                Cause(
                    isSameLife
                        ? "Assignment never reached \(registration.name)"
                        : "Worker \(registration.name) was restarted",
                    failure: isSameLife ? nil : .platformError
                ),
                now: now
            )
        }
        answer(
            tag,
            .registered(
                session,
                heartbeat: policy.heartbeatInterval,
                lease: policy.leaseDuration,
                verdicts: verdicts
            )
        )
        workerChanged(index)
    }

    private mutating func updateRegistration(
        _ tag: RequestTag,
        _ session: SessionID,
        _ index: WorkerIndex,
        _ registration: WorkerRegistration,
        now: Moment
    ) {
        fleet[index].update(registration)
        touch(index, now: now)
        effects.batch.workers.append(
            WorkerRow(
                registration: registration,
                registered: fleet[index].registered,
                isDraining: fleet[index].isToldToDrain
            )
        )
        answer(
            tag,
            .registered(
                session,
                heartbeat: policy.heartbeatInterval,
                lease: policy.leaseDuration,
                verdicts: []
            )
        )
        workerChanged(index)
    }

    /// Another process may not take a name while its holder is connected and its lease lives.
    private func refusal(
        of registration: WorkerRegistration,
        for index: WorkerIndex,
        now: Moment
    ) -> SchedulerAnswer? {
        let worker = fleet[index]
        guard worker.session != nil, worker.leaseEnd > now.boot,
            worker.registration.incarnation != registration.incarnation
        else { return nil }
        return .refused(
            .sessionSuperseded,
            detail:
                "another worker is connected as \"\(registration.name)\"; choose another --name",
            retryAfter: worker.leaseEnd.since(now.boot)
        )
    }

    /// Decides about one attempt that a registering worker holds, and counts it where it goes on.
    private mutating func verdict(
        on resolved: ResolvedHeld,
        of index: WorkerIndex,
        now: Moment
    ) -> Verdict {
        let held = resolved.held
        guard let number = resolved.job.number else { return Verdict(.known(.kill)) }
        guard var job = jobs[number] else {
            guard let machine = ended[number] ?? resolved.job.stored,
                machine.attempt == held.attempt
            else { return Verdict(.known(.kill)) }
            let isKnown =
                machine.state == .completed && held.phase != .known(.failed)
                || machine.state == .failed && held.phase == .known(.failed)
            return Verdict(.known(isKnown ? .done : .kill))
        }
        // Only the worker that had an attempt may have it, or go on with it.
        guard job.machine.attempt == held.attempt, job.worker == nil || job.worker == index else {
            return Verdict(.known(.kill))
        }
        let needs = ready[job.requirement].requirement.needs
        if job.machine.state.isHeld {
            fleet[index].add(
                OpenAttempt.Key(number: number, attempt: held.attempt),
                OpenAttempt(needs: needs, isSeen: true)
            )
            return Verdict(.known(.keep))
        }
        switch held.phase {
        case .known(.failed): return Verdict(.known(.done))
        case .known(.assigned), .unknown: return Verdict(.known(.kill))
        case .known(.running), .known(.encoded), .known(.granted), .known(.published): break
        }
        job.worker = index
        job.notBefore = nil
        waits[number] = nil
        let name = fleet.name(index)
        let cause = Cause("Worker \(name) still had it: adopted", actor: "worker:\(name)")
        guard (try? advance(&job, .adopted(held.attempt), cause, now: now)) != nil else {
            return Verdict(.known(.kill))
        }
        fleet[index].add(
            OpenAttempt.Key(number: number, attempt: job.machine.attempt),
            OpenAttempt(needs: needs, isSeen: true)
        )
        beginRun(job, now: now)
        return Verdict(.known(.adopt), attempt: job.machine.attempt)
    }

    mutating func heartbeat(
        _ tag: RequestTag?,
        _ session: SessionID,
        _ heartbeat: HeartbeatNote,
        now: Moment
    ) {
        guard let index = fleet.index(of: session) else {
            if let tag { answer(tag, Scheduler.unknownSession) }
            return
        }
        touch(index, now: now)
        fleet[index].see(upTo: heartbeat.assignedSeen)
        if let tag { answer(tag, .heartbeat) }
        guard let state = fleet[index].session, !state.isInventoryAsked,
            state.seenCount != heartbeat.open || state.digest != heartbeat.digest
        else { return }
        note(.digestMismatch(worker: fleet.name(index)))
        fleet[index].session?.isInventoryAsked = true
        push(session, .inventory)
    }

    mutating func credit(
        _ session: SessionID,
        limit: UInt64,
        isDraining: Bool?,
        now: Moment
    ) {
        guard let index = fleet.index(of: session) else { return }
        touch(index, now: now)
        if let isDraining { fleet[index].isDraining = isDraining }
        raiseLimit(index, limit)
        workerChanged(index)
    }

    /// A lower limit than the one before is ignored: credit is absolute in a session.
    ///
    /// Returns whether it was raised.
    @discardableResult
    mutating func raiseLimit(_ index: WorkerIndex, _ limit: UInt64) -> Bool {
        guard let known = fleet[index].session?.assignLimit, limit > known else { return false }
        fleet[index].session?.assignLimit = limit
        return true
    }

    mutating func inventory(
        _ session: SessionID,
        seen: UInt64,
        _ held: [ResolvedHeld],
        now: Moment
    ) {
        guard let index = fleet.index(of: session) else { return }
        touch(index, now: now)
        fleet[index].session?.isInventoryAsked = false
        fleet[index].see(upTo: seen)
        var theirs: Set<OpenAttempt.Key> = []
        for item in held {
            guard let number = item.job.number else { continue }
            let key = OpenAttempt.Key(number: number, attempt: item.held.attempt)
            theirs.insert(key)
            guard fleet[index].open[key] == nil else { continue }
            push(
                session,
                .revoke(
                    Revocation(
                        number: number,
                        attempt: item.held.attempt,
                        because: .known(.stale)
                    )
                )
            )
        }
        for key in fleet[index].open.keys.sorted()
        where fleet[index].open[key]?.isSeen == true && !theirs.contains(key) {
            fleet[index].remove(key, now: now.boot)
            lose(
                key,
                of: index,
                isCounted: false,
                Cause("Worker \(fleet.name(index)) does not have it"),
                now: now
            )
        }
        workerChanged(index)
    }

    mutating func closed(_ session: SessionID, isFarewell: Bool, now: Moment) {
        guard let index = fleet.index(of: session) else { return }
        fleet.closeSession(on: index)
        workerChanged(index)
        let name = fleet.name(index)
        if isFarewell, fleet[index].open.isEmpty {
            fleet[index].state = .dead
            fleet.forgetClosed(on: index)
            note(.workerLeft(name: name))
            return
        }
        fleet[index].state = .suspect
        let remaining = fleet[index].leaseEnd.since(now.boot)
        note(.workerSuspect(name: name, remaining: max(.zero, remaining)))
    }

    mutating func processGone(_ session: SessionID, now: Moment) {
        // The end of the connection is often heard of first.
        guard let index = fleet.index(ofLast: session) else { return }
        die(index, why: "its process ended", now: now)
    }

    /// A worker is dead: what it held goes on elsewhere.
    mutating func die(_ index: WorkerIndex, why: String, now: Moment) {
        guard fleet[index].state != .dead else { return }
        let name = fleet.name(index)
        let held = fleet[index].open.keys.sorted()
        if let session = fleet[index].session {
            push(
                session.id,
                .close(.sessionSuperseded, detail: "your lease is over: register again")
            )
        }
        note(
            .workerDead(
                name: name,
                silent: now.boot.since(fleet[index].seen),
                why: why
            )
        )
        metrics.workerFailures += 1
        fleet.closeSession(on: index)
        fleet.forgetClosed(on: index)
        fleet[index].state = .dead
        fleet[index].removeAll()
        fleet[index].idleSince = now.boot
        workerChanged(index)
        for key in held {
            lose(
                key,
                of: index,
                isCounted: true,
                Cause(
                    "Worker \(name) dead: \(why)",
                    failure: .platformError,
                    detail: "the worker was lost while it held the job"
                ),
                now: now
            )
        }
    }

    /// Takes a job out of a worker's hands that does not have it any more.
    mutating func lose(
        _ key: OpenAttempt.Key,
        of index: WorkerIndex,
        isCounted: Bool,
        _ cause: Cause,
        now: Moment
    ) {
        guard var job = jobs[key.number], job.machine.attempt == key.attempt,
            job.machine.state.isHeld, job.worker == index
        else { return }
        orphan(&job, isCounted: isCounted, cause, now: now)
    }

    /// Moves a held job to retrying, or to failed where its retries are spent.
    mutating func orphan(
        _ job: inout LiveJob,
        isCounted: Bool,
        _ cause: Cause,
        now: Moment
    ) {
        if job.machine.state == .assigned { metrics.assignmentFailures += 1 }
        if isCounted {
            metrics.orphansFound += 1
            elsewhere[job.number] = job.worker
            note(.recovering(job.number, worker: fleet.name(job.worker)))
        }
        let event: JobEvent = isCounted ? .workerLost : .assignmentLost
        guard (try? advance(&job, event, cause, now: now)) != nil else { return }
        followFailure(&job, isCounted: isCounted, now: now)
    }

    /// What comes after a failed attempt: the wait, or the note that the retries are spent.
    mutating func followFailure(_ job: inout LiveJob, isCounted: Bool, now: Moment) {
        switch job.machine.state {
        case .retrying: scheduleRetry(&job, isCounted: isCounted, now: now)
        case .failed: note(.retriesSpent(job.number, retriesMax: job.machine.retriesMax))
        case .queued, .assigned, .running, .completed, .timedOut, .canceled, .rejected: break
        }
    }

    /// Any word of a worker renews its lease.
    mutating func touch(_ index: WorkerIndex, now: Moment) {
        fleet[index].seen = now.boot
        fleet[index].leaseEnd = now.boot.advanced(by: policy.leaseDuration)
    }

    mutating func setLeaseTimer(_ index: WorkerIndex) {
        guard !fleet[index].hasLeaseTimer else { return }
        fleet[index].hasLeaseTimer = true
        setTimer(.lease(index), at: fleet[index].leaseEnd)
    }

    static let unknownSession = SchedulerAnswer.refused(
        .sessionSuperseded,
        detail: "this session is over: register again",
        retryAfter: .zero
    )
}
