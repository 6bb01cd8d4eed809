// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a job in a worker's hands waits for

import ReelworkCore

extension Scheduler {
    /// What a job in a worker's hands waits for.
    func explanation(ofHeld job: LiveJob, now: Moment) -> JobExplanation {
        let run = runs[job.number]
        var result = JobExplanation(
            of: job.number,
            job.machine.state,
            job.machine.state == .assigned
                ? assigned(job, run, now: now) : running(job, run)
        )
        // A held job has a run; without one the next sweep takes it out of these hands.
        guard let run else { return result }
        var next = run.deadline
        if job.machine.state == .running {
            result.add(Scheduler.deadline(of: run, now: now))
            if !run.isEncoded, stallEnd(run) < run.deadline {
                next = stallEnd(run)
                if let reason = stall(of: run, now: now) { result.add(reason) }
            }
        }
        if let worker = job.worker {
            addHolder(worker, job, to: &result, &next, now: now)
        }
        addPast(of: job, to: &result)
        result.nextAt = wall(next, now)
        return result
    }

    private func assigned(_ job: LiveJob, _ run: Run?, now: Moment) -> JobExplanation.Reason {
        let left = run.map { max(.zero, $0.deadline.since(now.boot)) } ?? .zero
        return JobExplanation.Reason(
            .assigned,
            "\(holding(job)) and must start within \(left.words)"
        )
    }

    private func running(_ job: LiveJob, _ run: Run?) -> JobExplanation.Reason {
        let machine = job.machine
        let holder = holding(job)
        if machine.isGrantOpen, machine.granted == machine.attempt {
            return JobExplanation.Reason(
                .publishing,
                "\(holder) and may publish its film: what is left is to move it to its place"
            )
        }
        if run?.isEncoded == true {
            return JobExplanation.Reason(.verifying, "\(holder), has encoded it and verifies it")
        }
        guard let run, run.media > .zero else {
            return JobExplanation.Reason(
                .running,
                "\(holder) and has started it; it has not told any progress yet"
            )
        }
        return JobExplanation.Reason(
            .encoding,
            "\(holder) and encodes it: \(run.media.words) of the film are done"
        )
    }

    private func holding(_ job: LiveJob) -> String {
        "\(fleet.name(job.worker)) has it (attempt \(job.machine.attempt))"
    }

    private static func deadline(of run: Run, now: Moment) -> JobExplanation.Reason {
        let left = max(.zero, run.deadline.since(now.boot)).words
        if run.isDeadlineHard {
            return JobExplanation.Reason(
                .deadline,
                "its time is over in \(left); its submitter set it, so it is never extended"
            )
        }
        if !run.isEncoded, run.deadline > run.since.advanced(by: run.limit) {
            return JobExplanation.Reason(
                .extended,
                "its time was over; it goes on while its media time advances, now for \(left)"
            )
        }
        return JobExplanation.Reason(
            .deadline,
            "its time is over in \(left); it is extended while its media time advances"
        )
    }

    /// Told where half of the time until a stall is over, for a healthy run is quiet for moments.
    private func stall(of run: Run, now: Moment) -> JobExplanation.Reason? {
        let left = stallEnd(run).since(now.boot)
        guard left < policy.stallWindow / 2 else { return nil }
        let quiet = max(.zero, now.boot.since(run.advanced)).words
        return JobExplanation.Reason(
            .stalledSoon,
            "no media progress for \(quiet): it is timed out in \(max(.zero, left).words) where "
                + "that stays so"
        )
    }

    /// What is wrong with the worker that has it, and when it is taken from it.
    private func addHolder(
        _ index: WorkerIndex,
        _ job: LiveJob,
        to result: inout JobExplanation,
        _ next: inout BootInstant,
        now: Moment
    ) {
        let worker = fleet[index]
        let name = fleet.name(index)
        if worker.state == .suspect {
            next = min(next, worker.leaseEnd)
            let left = max(.zero, worker.leaseEnd.since(now.boot)).words
            let words =
                "\(name) is not connected: where it is not back in \(left), the job is lost"
                + " there and goes on elsewhere"
            result.add(JobExplanation.Reason(.suspect, words, count: 1))
        }
        guard worker.isDraining || worker.isToldToDrain else { return }
        var words = "\(name) is draining: it ends this job first"
        if worker.isDrainOver {
            words = "\(name) is draining: it is told to hand this job back"
        } else if let end = worker.drainEnd {
            next = min(next, end)
            let left = max(.zero, end.since(now.boot)).words
            words = "\(name) is draining: what has not ended in \(left) is handed back"
        }
        result.add(JobExplanation.Reason(.draining, words, count: 1))
    }
}
