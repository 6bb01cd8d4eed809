// SPDX-License-Identifier: Apache-2.0
// Reelwork: workers that come, live and go

import ReelworkCore

extension Scheduler {
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
        if let free = heartbeat.scratchFreeMebibytes { note(scratchFree: free, of: index) }
        if let tag { answerHeartbeat(tag, index) }
        guard let state = fleet[index].session, !state.isInventoryAsked,
            state.seenCount != heartbeat.open || state.digest != heartbeat.digest
        else { return }
        note(.digestMismatch(worker: fleet.name(index)))
        fleet[index].session?.isInventoryAsked = true
        push(session, .inventory)
    }

    /// Whoever waits for room is looked for where there is more of it; where there is less, that is
    /// seen when a job is handed out.
    private mutating func note(scratchFree mebibytes: UInt64, of index: WorkerIndex) {
        let before = fleet[index].registration.scratchFreeMebibytes
        fleet[index].note(scratchFree: mebibytes)
        guard mebibytes > before ?? 0, ready.heedsScratch(of: fleet[index]) else { return }
        workerChanged(index)
    }

    /// A worker lives, and what it says of its attempts comes later.
    mutating func pulse(_ tag: RequestTag, _ session: SessionID, now: Moment) {
        guard let index = fleet.index(of: session) else {
            answer(tag, Scheduler.unknownSession)
            return
        }
        touch(index, now: now)
        answerHeartbeat(tag, index)
    }

    /// A worker lives, and what it says waits behind a commit.
    ///
    /// A REGISTER tells that of a worker's old session only where it comes from the same life.
    mutating func hear(_ sign: SignOfLife, now: Moment) {
        switch sign {
        case .session(let session):
            guard let index = fleet.index(of: session) else { return }
            touch(index, now: now)
        case .worker(let name, let incarnation):
            guard let index = fleet.index(named: name), fleet[index].state != .dead,
                fleet[index].registration.incarnation == incarnation
            else { return }
            touch(index, now: now)
        }
    }

    /// The answer tells nothing but that the session stands and its lease runs anew.
    ///
    /// Once the session itself is on disk that depends on no commit, so a disk that hangs costs no
    /// worker its lease.
    private mutating func answerHeartbeat(_ tag: RequestTag, _ index: WorkerIndex) {
        guard let session = fleet[index].session, session.registeredIn <= committed else {
            answer(tag, .heartbeat)
            return
        }
        prompt.append(.answer(tag, .heartbeat))
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
        if isFarewell, fleet[index].open.isEmpty {
            leave(index)
            return
        }
        fleet.closeSession(on: index)
        workerChanged(index)
        let name = fleet.name(index)
        fleet[index].state = .suspect
        let remaining = fleet[index].leaseEnd.since(now.boot)
        note(.workerSuspect(name: name, remaining: max(.zero, remaining)))
    }

    mutating func processGone(_ session: SessionID, now: Moment) {
        // The end of the connection is often heard of first.
        guard let index = fleet.index(ofLast: session) else { return }
        if fleet[index].state == .alive, fleet[index].isDraining, fleet[index].open.isEmpty {
            // It said that it wanted to end; only the farewell itself is not heard yet.
            leave(index)
            return
        }
        die(index, why: "its process ended", isProven: true, now: now)
    }

    /// A worker ended of its own will, with nothing in its hands.
    private mutating func leave(_ index: WorkerIndex) {
        fleet.closeSession(on: index)
        fleet.forgetClosed(on: index)
        fleet[index].state = .dead
        fleet[index].isStopped = true
        workerChanged(index)
        note(.workerLeft(name: fleet.name(index)))
    }

    /// A worker is dead: what it held goes on elsewhere.
    ///
    /// With `isProven` its process is known to have ended. The end of a lease alone may be the
    /// network's; whether the agent died, its next life tells.
    mutating func die(_ index: WorkerIndex, why: String, isProven: Bool, now: Moment) {
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
        fleet[index].heldAtLeaseEnd = isProven ? [] : held.map(\.number)
        workerChanged(index)
        let death = isProven ? self.death(of: index) : nil
        for key in held {
            lose(
                key,
                of: index,
                isCounted: true,
                death: death,
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
        death: Death? = nil,
        _ cause: Cause,
        now: Moment
    ) {
        guard var job = jobs[key.number], job.machine.attempt == key.attempt,
            job.machine.state.isHeld, job.worker == index
        else { return }
        orphan(&job, isCounted: isCounted, death: death, cause, now: now)
    }

    /// Moves a held job to retrying, or to failed where its retries are spent or where this death
    /// puts it into quarantine.
    mutating func orphan(
        _ job: inout LiveJob,
        isCounted: Bool,
        death: Death? = nil,
        _ cause: Cause,
        now: Moment
    ) {
        if job.machine.state == .assigned { metrics.assignmentFailures += 1 }
        if isCounted {
            metrics.orphansFound += 1
            elsewhere[job.number] = job.worker
            note(.recovering(job.number, worker: fleet.name(job.worker)))
        }
        if let death, markDied(job.number, death, now: now) {
            quarantine(&job, now: now)
            return
        }
        let event: JobEvent = isCounted ? .workerLost : .assignmentLost
        guard (try? advance(&job, event, cause, now: now)) != nil else { return }
        if isCounted {
            followFailure(&job, isCounted: true, now: now)
        } else {
            handBack(&job, now: now)
        }
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
        fleet[index].isUnheard = false
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
