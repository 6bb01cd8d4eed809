// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler from the store

package import ReelworkCore

extension Scheduler {
    /// A live job of the store, with what its spec says.
    package struct RestoredJob: Sendable {
        /// The job.
        package var stored: StoredJob
        /// What it asks for.
        package var content: Submission.Content

        /// Makes a restored job.
        package init(stored: StoredJob, content: Submission.Content) {
            self.stored = stored
            self.content = content
        }
    }

    /// Makes a scheduler from the store after a start.
    ///
    /// Jobs in the hands of known workers stay there: each has a grace of one lease and the time
    /// that all known workers need to connect again. Jobs of unknown workers go to retrying with
    /// the first ``settle(now:)``.
    package init(
        restoring jobs: [RestoredJob],
        workers: [WorkerRow],
        queues: [QueueRow] = [],
        marks: [JobMarkRow] = [],
        nextNumber: JobNumber,
        policy: SchedulerPolicy,
        random: RandomSource,
        now: Moment
    ) {
        self.init(policy: policy, random: random)
        self.nextNumber = nextNumber
        let grace = policy.leaseDuration + .milliseconds(workers.count / 2)
        for row in workers {
            let index = fleet.add(
                Worker(
                    registration: row.registration,
                    registered: row.registered,
                    state: .dead,
                    now: now.boot
                )
            )
            fleet[index].isToldToDrain = row.isDraining
            fleet[index].drainUntil = row.drainUntil
            fleet[index].cordon = row.cordon
            fleet[index].isUnheard = true
            // What is left of a drain is clamped, for the wall clock may have been set back.
            let left = row.drainUntil.map { min($0.since(now.wall), Limits.horizonMax) }
            setDrainEnd(index, after: left.map { max(.zero, $0) }, now: now)
        }
        for row in queues { _ = ready.setPaused(row.queue, row.paused != nil) }
        for job in jobs { restore(job, grace: grace, now: now) }
        for mark in marks { restore(mark) }
    }

    private mutating func restore(_ restored: RestoredJob, grace: Duration, now: Moment) {
        let stored = restored.stored
        let row = stored.row
        var job = LiveJob(
            number: row.number,
            id: stored.insert.id,
            machine: row.machine,
            rank: row.rank,
            queue: stored.insert.queue,
            // A restart begins every grace anew.
            accepted: now.boot,
            requirement: ready.use(restored.content.requirement),
            tenant: ready.use(tenant: stored.insert.tenant, policy),
            isStream: restored.content.isStream,
            output: OutputDigest(restored.content.spec.output),
            notBefore: row.notBefore,
            started: row.started,
            deadline: row.deadline,
            worker: fleet.index(named: row.worker),
            engine: row.engine,
            failure: row.failure,
            timeout: restored.content.spec.timeout
        )
        outputs[job.output] = job.number
        if let error = row.error { errors[job.number] = error }
        if !stored.grants.isEmpty { grants[job.number] = stored.grants }
        restoreLimits(job, now: now)
        metrics.states[Int(job.machine.state.rawValue)] += 1
        jobs[job.number] = job
        switch job.machine.state {
        case .queued, .retrying: restoreWait(&job, now: now)
        case .assigned, .running: restoreHeld(&job, grace: grace, now: now)
        case .completed, .failed, .timedOut, .canceled, .rejected: break
        }
    }

    /// What the last run leaves behind for the next.
    private mutating func restoreLimits(_ job: LiveJob, now: Moment) {
        if let timeout = job.timeout, let deadline = job.deadline {
            let left = min(deadline.since(now.wall), timeout)
            hardEnds[job.number] = now.boot.advanced(by: max(.zero, left))
        }
        switch job.failure {
        case .platformError, .resourceError: elsewhere[job.number] = job.worker
        case .capabilityMismatch, .userError, .inputError, .runtimeError, .timeout, .networkError,
            nil:
            break
        }
    }

    /// What is left of a wait is clamped: a wall clock that was set back must not hang a job.
    private mutating func restoreWait(_ job: inout LiveJob, now: Moment) {
        let longest =
            job.machine.state == .retrying ? policy.retry.backoffMax : Limits.horizonMax
        let left = min(job.notBefore.map { $0.since(now.wall) } ?? .zero, longest)
        if job.machine.state == .queued, left <= .zero {
            job.notBefore = nil
            enqueue(&job)
            jobs[job.number] = job
            return
        }
        job.notBefore = now.wall.advanced(by: left)
        jobs[job.number] = job
        wait(job.number, until: now.boot.advanced(by: max(.zero, left)))
    }

    /// What is left of a run, clamped to what it was given, for the wall clock may have jumped.
    ///
    /// The worker may have gone on well, or have finished, while no scheduler counted: it gets time
    /// to say so. What it still encodes is held to the submitter's own limit as soon as it is heard
    /// (``holdToHardEnd(_:)``).
    private func timeLeft(of job: LiveJob, grace: Duration, now: Moment) -> Duration {
        var left = policy.runDefaultMax
        if let deadline = job.deadline {
            left = deadline.since(now.wall)
            if let started = job.started { left = min(left, deadline.since(started)) }
        }
        guard let timeout = job.timeout else { return max(left, grace + policy.stallWindow) }
        return max(min(left, timeout), grace)
    }

    private mutating func restoreHeld(_ job: inout LiveJob, grace: Duration, now: Moment) {
        ready.countHeld(by: job.tenant, 1)
        beginRun(job, now: now)
        guard let index = job.worker else {
            orphan(
                &job,
                isCounted: true,
                Cause("Its worker is unknown", failure: .platformError),
                now: now
            )
            return
        }
        if job.machine.state == .running {
            let hardEnd = hardEnds[job.number]
            startRun(job, limit: timeLeft(of: job, grace: grace, now: now), now: now)
            hardEnds[job.number] = hardEnd
        }
        fleet[index].state = .suspect
        fleet[index].leaseEnd = now.boot.advanced(by: grace)
        fleet[index].add(
            OpenAttempt.Key(number: job.number, attempt: job.machine.attempt),
            ready.held(job.requirement, with: job.engine, devices: [], on: fleet[index])
        )
        setLeaseTimer(index)
    }
}
