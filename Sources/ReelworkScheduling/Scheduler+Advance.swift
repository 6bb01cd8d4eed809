// SPDX-License-Identifier: Apache-2.0
// Reelwork: the one way a job changes

import HeapModule
import ReelworkCore

extension Scheduler {
    /// The one way a job changes: asks the machine, records what it did, and follows it up.
    ///
    /// The job is written back, or dropped where it ended. Returns the steps; none where the event
    /// repeated the past.
    @discardableResult
    mutating func advance(
        _ job: inout LiveJob,
        _ event: JobEvent,
        _ cause: Cause,
        now: Moment
    ) throws(JobRefusal) -> JobSteps {
        let wasHeld = job.machine.state.isHeld
        let attemptBefore = job.machine.attempt
        let retriesBefore = job.machine.retryCount
        let steps = try job.machine.handle(event)
        guard !steps.isEmpty else { return steps }
        if let failure = cause.failure {
            job.failure = failure
            errors[job.number] = cause.detail ?? cause.reason
        }
        if job.machine.retryCount > retriesBefore { metrics.retries += 1 }
        follow(&job, wasHeld: wasHeld, now: now)
        record(steps, of: job, attemptBefore: attemptBefore, cause, now: now)
        write(job, now: now)
        return steps
    }

    /// Writes a job's row into the batch, and the job back into memory.
    mutating func write(_ job: LiveJob, now: Moment) {
        let isOver = job.machine.state.isTerminal
        let row = JobRow(
            number: job.number,
            machine: job.machine,
            rank: job.rank,
            worker: fleet.name(job.worker),
            engine: job.engine,
            notBefore: job.notBefore,
            started: job.started,
            completed: isOver ? now.wall : nil,
            deadline: job.deadline,
            failure: job.failure,
            error: errors.isEmpty ? nil : errors[job.number]
        )
        if let place = rowPlaces[job.number] {
            effects.batch.rows[place] = row
        } else {
            rowPlaces[job.number] = effects.batch.rows.count
            effects.batch.rows.append(row)
        }
        if isOver {
            end(job)
        } else {
            jobs[job.number] = job
        }
    }

    private mutating func record(
        _ steps: JobSteps,
        of job: LiveJob,
        attemptBefore: AttemptNumber,
        _ cause: Cause,
        now: Moment
    ) {
        var attempt = attemptBefore
        let first = job.machine.moves - UInt32(steps.count)
        for (index, step) in steps.enumerated() {
            if step.to == .assigned { attempt = job.machine.attempt }
            if step.to == .timedOut { metrics.timeouts += 1 }
            metrics.count(step)
            effects.batch.moves.append(
                MoveRow(
                    number: job.number,
                    queue: job.queue,
                    sequence: first + UInt32(index) + 1,
                    step: step,
                    at: now.wall,
                    reason: cause.reason,
                    attempt: attempt,
                    worker: fleet.name(job.worker),
                    actor: cause.actor,
                    failure: step.to == .queued ? nil : cause.failure,
                    detail: index == 0 ? cause.detail : nil
                )
            )
        }
    }

    /// Sets the fields and timers that belong to the state that the job has reached.
    private mutating func follow(_ job: inout LiveJob, wasHeld: Bool, now: Moment) {
        let isHeld = job.machine.state.isHeld
        leaveLine(&job)
        if wasHeld != isHeld { ready.countHeld(by: job.tenant, isHeld ? 1 : -1) }
        if wasHeld, !isHeld {
            runs[job.number] = nil
            // A submitter's limit holds for whoever goes on with the same encode.
            if job.timeout == nil || job.machine.state.isTerminal { job.deadline = nil }
        }
        if !waits.isEmpty { waits[job.number] = nil }
        switch job.machine.state {
        case .queued:
            if let notBefore = job.notBefore, notBefore > now.wall {
                wait(job.number, until: now.boot.advanced(by: notBefore.since(now.wall)))
            } else {
                job.notBefore = nil
                enqueue(&job)
            }
        case .retrying, .assigned, .running: break
        case .completed:
            job.notBefore = nil
            job.failure = nil
            if !errors.isEmpty { errors[job.number] = nil }
        case .failed, .canceled, .rejected, .timedOut: job.notBefore = nil
        }
    }

    private mutating func end(_ job: LiveJob) {
        jobs[job.number] = nil
        grants[job.number] = nil
        // Most jobs have none of these, and hashing is what costs here.
        if !errors.isEmpty { errors[job.number] = nil }
        forgetMarks(of: job.number)
        if !handBacks.isEmpty { handBacks[job.number] = nil }
        if !hardEnds.isEmpty { hardEnds[job.number] = nil }
        if !elsewhere.isEmpty { elsewhere[job.number] = nil }
        if !refusedSince.isEmpty { refusedSince[job.number] = nil }
        if outputs[job.output] == job.number { outputs[job.output] = nil }
        ready.release(job.requirement)
        ready.release(job.tenant)
        ended[job.number] = job.machine
        endedNumbers.append((commit, job.number))
    }

    /// Sends a job that has just gone to retrying into its wait: after a counted failure as long as
    /// the policy says, else not at all.
    mutating func scheduleRetry(_ job: inout LiveJob, isCounted: Bool, now: Moment) {
        guard job.machine.state == .retrying else { return }
        guard isCounted, !job.machine.isLookOnly else {
            resume(&job, "Handed back to the queue", now: now)
            return
        }
        if !handBacks.isEmpty { handBacks[job.number] = nil }
        let wait = policy.retry.wait(retry: job.machine.retryCount, random: random.next())
        note(
            .retryScheduled(
                job.number,
                retry: job.machine.retryCount,
                retriesMax: job.machine.retriesMax,
                wait: wait
            )
        )
        guard wait > .zero else {
            resume(&job, "Retry", now: now)
            return
        }
        hold(&job, for: wait, now: now)
    }

    /// Sends a job that came back without a failure to the queue: at once, or after a wait where
    /// it has come back so often in a row that it would keep the scheduler and a worker busy.
    mutating func handBack(_ job: inout LiveJob, now: Moment) {
        guard job.machine.state == .retrying else { return }
        let times = handBacks[job.number, default: 0] + 1
        handBacks[job.number] = times
        let wait =
            times > Limits.handBacksAtOnceMax
            ? policy.retry.wait(retry: 1, random: random.next()) : .zero
        guard wait > .zero else {
            resume(&job, "Handed back to the queue", now: now)
            return
        }
        note(.handedBackOften(job.number, times: times, wait: wait))
        hold(&job, for: wait, now: now)
    }

    private mutating func hold(_ job: inout LiveJob, for wait: Duration, now: Moment) {
        job.notBefore = now.wall.advanced(by: wait)
        self.wait(job.number, until: now.boot.advanced(by: wait))
        write(job, now: now)
    }

    /// Puts a job that waited in retrying back into the queue.
    mutating func resume(_ job: inout LiveJob, _ reason: String, now: Moment) {
        job.notBefore = nil
        // The machine has this move for every job in retrying, and for no other state is it called.
        _ = try? advance(&job, .backoffElapsed, Cause(reason), now: now)
    }

    /// Begins a wait; one that went before it counts no more.
    mutating func wait(_ number: JobNumber, until time: BootInstant) {
        waits[number] = time
        setTimer(.wait(number), at: time)
    }

    mutating func setTimer(_ subject: Timer.Subject, at time: BootInstant) {
        timers.insert(Timer(at: time, subject: subject))
        guard timers.count > 2 * timersKept + Scheduler.timersFree else { return }
        // Most reminders outlive their jobs: without this, five minutes of them would pile up.
        timers = Heap(timers.unordered.filter(isFresh))
        timersKept = timers.count
    }

    /// Reminders beyond twice those kept before the stale ones are dropped.
    private static let timersFree = 4_096

    /// Whether what a reminder is of still waits for it.
    func isFresh(_ timer: Timer) -> Bool {
        switch timer.subject {
        case .wait(let number): waits[number] == timer.at
        case .run(let number): runs[number]?.timerAt == timer.at
        case .lease(let index): fleet[index].hasLeaseTimer
        case .drain(let index): fleet[index].drainEnd == timer.at
        }
    }
}
