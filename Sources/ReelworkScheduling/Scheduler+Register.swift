// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker registers, and what it holds is judged

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
        open(session, on: index, registration, held: held, tag, now: now)
    }

    /// Begins a session: what it holds is judged, and what it should hold and does not is lost.
    private mutating func open(
        _ session: SessionID,
        on index: WorkerIndex,
        _ registration: WorkerRegistration,
        held: [ResolvedHeld],
        _ tag: RequestTag,
        now: Moment
    ) {
        let isSameLife = fleet[index].registration.incarnation == registration.incarnation
        // A new life of the agent is the death of the one before.
        let death = isSameLife ? nil : self.death(of: index)
        let counted = fleet[index].open.keys.sorted()
        fleet.open(session, on: index, in: commit)
        fleet[index].removeAll()
        fleet[index].update(registration)
        if !isSameLife { fleet[index].forgetClock() }
        fleet[index].state = .alive
        fleet[index].isDraining = false
        fleet[index].isStopped = false
        fleet[index].isPaused = false
        touch(index, now: now)
        setLeaseTimer(index)
        storeWorker(index)
        note(.workerRegistered(name: registration.name, slots: registration.slots))
        let verdicts = held.map { verdict(on: $0, of: index, now: now) }
        for key in counted where fleet[index].open[key] == nil {
            lose(
                key,
                of: index,
                isCounted: !isSameLife,
                death: death,
                Cause(
                    isSameLife
                        ? "Assignment never reached \(registration.name)"
                        : "Worker \(registration.name) was restarted",
                    failure: isSameLife ? nil : .platformError
                ),
                now: now
            )
        }
        if let death { proveDeaths(of: index, death, now: now) }
        fleet[index].heldAtLeaseEnd = []
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
        if fleet[index].isDrainOver { takeBack(from: index) }
    }

    /// Writes what must be known of a worker after a start into the batch.
    mutating func storeWorker(_ index: WorkerIndex) {
        // A batch removes after it writes: whoever comes back in the same one stays.
        effects.batch.workersRemoved.removeAll { $0 == fleet.name(index) }
        effects.batch.workers.append(
            WorkerRow(
                registration: fleet[index].registration,
                registered: fleet[index].registered,
                isDraining: fleet[index].isToldToDrain,
                drainUntil: fleet[index].drainUntil,
                cordon: fleet[index].cordon
            )
        )
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
        storeWorker(index)
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
        let pid = worker.registration.pid.map { "process \($0)" } ?? "a process"
        // A name of the machine as long as a label still leaves room in an error's detail.
        let host = worker.registration.host.map { " on \($0.prefix(63))" } ?? ""
        return .refused(
            .sessionSuperseded,
            detail: "\(pid)\(host) is connected with it; "
                + "stop that one, or start this one with another --name",
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
        let attempt = ready.held(
            job.requirement,
            with: job.engine,
            devices: held.devices,
            on: fleet[index]
        )
        if job.machine.state.isHeld {
            fleet[index].add(
                OpenAttempt.Key(number: number, attempt: held.attempt),
                attempt
            )
            switch held.phase {
            case .known(.encoded), .known(.granted), .known(.published):
                // After a restart only the worker knows how far it is.
                if job.machine.state == .running { runEncoded(number, now: now) }
            case .known(.assigned), .known(.running), .unknown: holdToHardEnd(number)
            // It ended, in time for all that is known.
            case .known(.failed): break
            }
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
            attempt
        )
        beginRun(job, now: now)
        return Verdict(.known(.adopt), attempt: job.machine.attempt)
    }
}
