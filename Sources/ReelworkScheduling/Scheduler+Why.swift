// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does

import ReelworkCore

extension Scheduler {
    /// Says why a job stands where it does; changes nothing.
    mutating func explain(_ tag: RequestTag, _ target: ResolvedJob, now: Moment) {
        guard let number = number(of: target) else {
            answer(
                tag,
                .refused(
                    .notFound,
                    detail: "there is no such job; see `reelwork jobs`",
                    retryAfter: .zero
                )
            )
            return
        }
        if let job = jobs[number] {
            answer(tag, .why(explanation(of: job, now: now)))
        } else if let machine = ended[number] {
            answer(tag, .why(Scheduler.explanation(ofEnding: number, machine)))
        } else {
            // It has ended since the store was asked.
            answer(tag, .whyStored(number))
        }
    }

    private func explanation(of job: LiveJob, now: Moment) -> JobExplanation {
        switch job.machine.state {
        case .queued: explanation(ofQueued: job, now: now)
        case .retrying: explanation(ofRetrying: job, now: now)
        case .assigned, .running: explanation(ofHeld: job, now: now)
        // A job that has ended does not live: for all that, it is never without an answer.
        case .completed, .failed, .timedOut, .canceled, .rejected:
            Scheduler.explanation(ofEnding: job.number, job.machine)
        }
    }

    /// What ended in a commit that is not on disk is not told as if it were.
    private static func explanation(
        ofEnding number: JobNumber,
        _ machine: JobMachine
    ) -> JobExplanation {
        JobExplanation(
            of: number,
            machine.state,
            JobExplanation.Reason(.ending, "it has just ended, which is not on disk yet; ask again")
        )
    }

    private func explanation(ofRetrying job: LiveJob, now: Moment) -> JobExplanation {
        let machine = job.machine
        let retry = "retry \(machine.retryCount) of \(machine.retriesMax)"
        let until = waits[job.number]
        let words = until.map { "in \(max(.zero, $0.since(now.boot)).words)" } ?? "at once"
        var result = JobExplanation(
            of: job.number,
            .retrying,
            JobExplanation.Reason(.backoff, "it goes back to its queue \(words) (\(retry))")
        )
        addPast(of: job, to: &result)
        result.rank = job.rank
        result.nextAt = until.map { wall($0, now) }
        return result
    }

    /// What went before, and what is left of the job for it.
    func addPast(of job: LiveJob, to result: inout JobExplanation) {
        if job.machine.isLookOnly {
            result.add(
                JobExplanation.Reason(
                    .lookOnly,
                    "nothing is encoded any more: the next attempt looks for an earlier one's film"
                )
            )
        }
        guard let failure = job.failure else { return }
        let error = errors[job.number].map { ": \($0)" } ?? ""
        result.add(
            JobExplanation.Reason(.failedBefore, "it failed before, \(failure.name)\(error)")
        )
    }

    /// A moment of the boot clock on the wall clock.
    func wall(_ instant: BootInstant, _ now: Moment) -> Timestamp {
        now.wall.advanced(by: instant.since(now.boot))
    }
}
