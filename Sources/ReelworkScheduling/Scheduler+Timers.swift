// SPDX-License-Identifier: Apache-2.0
// Reelwork: what time does to jobs and workers

import HeapModule
import ReelworkCore

extension Scheduler {
    // MARK: - Runs

    /// A job was handed to a worker: its time in assigned begins.
    mutating func beginRun(_ job: LiveJob, now: Moment) {
        let run = Run(
            attempt: job.machine.attempt,
            since: now.boot,
            limit: policy.assignedMax,
            deadline: now.boot.advanced(by: policy.assignedMax),
            isDeadlineHard: true,
            advanced: now.boot
        )
        keep(run, of: job)
    }

    /// The encoder runs: the limit counts from here.
    mutating func startRun(_ job: LiveJob, limit: Duration, now: Moment) {
        let run = Run(
            attempt: job.machine.attempt,
            since: now.boot,
            limit: limit,
            deadline: now.boot.advanced(by: limit),
            isDeadlineHard: job.timeout != nil,
            advanced: now.boot
        )
        if run.isDeadlineHard { hardEnds[job.number] = run.deadline }
        keep(run, of: job)
    }

    /// The film is encoded: no media time is to be expected any more.
    ///
    /// From here the run has its limit once more, for to verify a film may take as long as to make
    /// it, and shows nothing meanwhile. A submitter's limit is never stretched.
    mutating func runEncoded(_ number: JobNumber, now: Moment) {
        guard var run = runs[number] else { return }
        run.advanced = now.boot
        if !run.isEncoded, !run.isDeadlineHard {
            run.deadline = max(run.deadline, now.boot.advanced(by: run.limit))
        }
        run.isEncoded = true
        runs[number] = run
    }

    /// Takes back the time that a restart gave a run to be heard of: where it is still encoding,
    /// the submitter's limit ends when it always did.
    mutating func holdToHardEnd(_ number: JobNumber) {
        guard var run = runs[number], let job = jobs[number], job.machine.state == .running,
            run.isDeadlineHard, let end = hardEnds[number], end < run.deadline
        else { return }
        run.deadline = end
        keep(run, of: job)
    }

    /// When a run has to be looked at next.
    private func nextLook(_ run: Run, _ job: LiveJob) -> BootInstant {
        guard job.machine.state == .running, !run.isEncoded else { return run.deadline }
        return min(run.deadline, stallEnd(run))
    }

    /// When a run is stalled that shows no media progress until then.
    func stallEnd(_ run: Run) -> BootInstant {
        max(run.advanced, run.since.advanced(by: policy.stallStartup))
            .advanced(by: policy.stallWindow)
    }

    /// Keeps a run, with a reminder of when to look at it next.
    private mutating func keep(_ run: Run, of job: LiveJob) {
        var run = run
        let at = nextLook(run, job)
        let isNew = at < run.timerAt
        if isNew { run.timerAt = at }
        // First the record, then the reminder: one without a record is stale.
        runs[job.number] = run
        if isNew { setTimer(.run(job.number), at: at) }
    }

    mutating func lookAtRun(_ number: JobNumber, now: Moment) {
        guard var run = runs[number], var job = jobs[number] else { return }
        run.timerAt = .distantFuture
        if job.machine.state == .assigned {
            if run.deadline <= now.boot {
                timeOut(&job, "no start within \(policy.assignedMax.words)", now: now)
                return
            }
        } else if !run.isEncoded, stallEnd(run) <= now.boot {
            timeOut(
                &job,
                "no media progress for \(now.boot.since(run.advanced).words)",
                now: now
            )
            return
        } else if run.deadline <= now.boot {
            let hasAdvanced = run.media > .zero || run.isEncoded
            let quiet = now.boot.since(run.advanced)
            guard !run.isDeadlineHard, hasAdvanced, quiet < policy.stallWindow else {
                timeOut(&job, "its time is over", now: now)
                return
            }
            run.deadline = now.boot.advanced(by: policy.stallWindow)
            note(.extended(number, by: policy.stallWindow))
        }
        keep(run, of: job)
    }

    private mutating func timeOut(_ job: inout LiveJob, _ why: String, now: Moment) {
        let attempt = job.machine.attempt
        let holder = job.worker
        if job.machine.state == .assigned { metrics.assignmentFailures += 1 }
        let cause = Cause("Timed out: \(why)", failure: .timeout, detail: "timed out: \(why)")
        guard (try? advance(&job, .timedOut, cause, now: now)) != nil else { return }
        note(.timedOut(job.number, why: why))
        revoke(job.number, attempt, from: holder, .timedOut)
        followFailure(&job, isCounted: true, now: now)
    }

    /// Tells a worker, where it is connected, that an attempt is no longer its own.
    mutating func revoke(
        _ number: JobNumber,
        _ attempt: AttemptNumber,
        from holder: WorkerIndex?,
        _ reason: RevokeReason
    ) {
        guard let holder, let session = fleet[holder].session else { return }
        push(
            session.id,
            .revoke(
                Revocation(
                    number: number,
                    attempt: attempt,
                    because: .known(reason),
                    grace: Limits.terminateGrace
                )
            )
        )
    }

    // MARK: - Timers

    /// Looks at everything whose time may have come.
    mutating func fireTimers(now: Moment) {
        while let timer = timers.min, timer.at <= now.boot {
            _ = timers.popMin()
            guard isFresh(timer) else { continue }
            switch timer.subject {
            case .wait(let number): endWait(number, now: now)
            case .run(let number): lookAtRun(number, now: now)
            case .lease(let index): lookAtLease(index, now: now)
            case .drain(let index): endDrain(index, now: now)
            }
        }
    }

    private mutating func endWait(_ number: JobNumber, now: Moment) {
        waits[number] = nil
        guard var job = jobs[number] else { return }
        endWait(&job, now: now)
    }

    private mutating func endWait(_ job: inout LiveJob, now: Moment) {
        switch job.machine.state {
        case .retrying: resume(&job, "Backoff is over", now: now)
        case .queued:
            job.notBefore = nil
            enqueue(&job)
            jobs[job.number] = job
        case .assigned, .running, .completed, .failed, .timedOut, .canceled, .rejected: break
        }
    }

    mutating func lookAtLease(_ index: WorkerIndex, now: Moment) {
        fleet[index].hasLeaseTimer = false
        guard fleet[index].state != .dead else { return }
        guard fleet[index].leaseEnd <= now.boot else {
            setLeaseTimer(index)
            return
        }
        let silent = now.boot.since(fleet[index].seen)
        die(index, why: "no heartbeat for \(silent.words)", isProven: false, now: now)
    }

    // MARK: - Jobs that no one can run

    /// Rejects jobs that every fitting worker has refused for the whole grace.
    mutating func rejectRefused(now: Moment) {
        for number in refusedBy.keys.sorted() {
            guard let job = jobs[number], let refused = refusedBy[number] else { continue }
            let record = ready[job.requirement]
            let canRun = fleet.indices.contains { index in
                !refused.contains(index) && record.engine(on: fleet[index]) != nil
            }
            guard !canRun else {
                refusedSince[number] = nil
                continue
            }
            guard let since = refusedSince[number] else {
                refusedSince[number] = now.boot
                continue
            }
            guard now.boot.since(since) >= policy.capabilityGrace else { continue }
            reject(number, record, now: now)
        }
    }

    /// Rejects jobs that no known worker could do for the whole grace.
    mutating func rejectUnfit(now: Moment) {
        for place in ready.requirements.indices {
            let index = RequirementIndex(value: Int32(place))
            let record = ready[index]
            guard record.jobs > 0 else { continue }
            guard !fleet.workers.contains(where: { record.engine(on: $0) != nil }) else {
                ready.setUnfit(index, since: nil)
                continue
            }
            guard let since = record.unfitSince else {
                ready.setUnfit(index, since: now.boot)
                continue
            }
            guard now.boot.since(since) >= policy.capabilityGrace else { continue }
            for number in ready.waiting(for: index) { reject(number, record, now: now) }
        }
    }

    private mutating func reject(
        _ number: JobNumber,
        _ record: RequirementRecord,
        now: Moment
    ) {
        guard var job = jobs[number], job.machine.state == .queued,
            now.boot.since(job.accepted) >= policy.capabilityGrace
        else { return }
        let engines = record.requirement.candidates.map(\.engine).joined(separator: " or ")
        let why = "no worker of the fleet can run it (needs \(engines))"
        _ = try? advance(
            &job,
            .rejected,
            Cause(
                "Rejected: no worker fits within \(policy.capabilityGrace.words)",
                failure: .capabilityMismatch,
                detail: why
            ),
            now: now
        )
    }
}

extension Scheduler {
    /// Gives workers and runs time to speak after an outage in which they were not heard.
    mutating func grantGrace(now: Moment) {
        for index in fleet.indices where fleet[index].state != .dead {
            let grace = now.boot.advanced(by: policy.leaseDuration)
            fleet[index].leaseEnd = max(fleet[index].leaseEnd, grace)
        }
        for number in runs.keys.sorted() {
            guard var run = runs[number], let job = jobs[number] else { continue }
            // What a submitter allowed is over when it is over, whatever the disk did.
            if run.isDeadlineHard, job.machine.state == .running { continue }
            run.advanced = max(run.advanced, now.boot)
            run.deadline = max(run.deadline, now.boot.advanced(by: policy.stallWindow))
            runs[number] = run
        }
    }
}
