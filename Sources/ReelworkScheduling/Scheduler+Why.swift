// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does

import ReelworkCore

extension Scheduler {
    /// Says why a job stands where it does; changes nothing.
    mutating func explain(_ tag: RequestTag, _ target: ResolvedJob, now: Moment) {
        guard let explanation = explanation(of: target, now: now) else {
            answer(tag, .refused(.notFound, detail: "there is no such job", retryAfter: .zero))
            return
        }
        answer(tag, .why(explanation))
    }

    private func explanation(of target: ResolvedJob, now: Moment) -> JobExplanation? {
        guard let number = number(of: target) else { return nil }
        if let job = jobs[number] {
            switch job.machine.state {
            case .queued: return explainQueued(job, now: now)
            case .retrying: return explainRetrying(job, now: now)
            case .assigned, .running: return explainHeld(job, now: now)
            case .completed, .failed, .timedOut, .canceled, .rejected: break
            }
        }
        guard let machine = ended[number] ?? target.stored else { return nil }
        return Scheduler.explainEnded(machine, target.row)
    }

    private func explainRetrying(_ job: LiveJob, now: Moment) -> JobExplanation {
        let machine = job.machine
        let words = waits[job.number].map { " in \($0.since(now.boot).words)" } ?? ""
        let retry = "retry \(machine.retryCount) of \(machine.retriesMax)"
        var result = JobExplanation(
            reasons: [JobExplanation.Reason("backoff", "it is tried again\(words) (\(retry))")]
        )
        if let error = errors[job.number] {
            let name = job.failure?.name ?? "failure"
            result.reasons.append(
                JobExplanation.Reason("failed", Scheduler.bounded("\(name): \(error)"))
            )
        }
        result.rank = job.rank
        result.nextAt = waits[job.number].map { wall($0, now) }
        return result
    }

    private func explainHeld(_ job: LiveJob, now: Moment) -> JobExplanation {
        let place = "on \(fleet.name(job.worker)), attempt \(job.machine.attempt.rawValue)"
        let run = runs[job.number]
        let isRunning = job.machine.state == .running
        var reason = JobExplanation.Reason("assigned", "it was handed out, to start \(place)")
        if isRunning {
            reason =
                run?.isEncoded == true
                ? JobExplanation.Reason("publishing", "it is encoded and being published \(place)")
                : JobExplanation.Reason("running", "it is being encoded \(place)")
        }
        var result = JobExplanation(reasons: [reason])
        guard let run else { return result }
        let left = run.deadline.since(now.boot).words
        let kind = run.isDeadlineHard ? "is never extended" : "is extended while it advances"
        result.reasons.append(
            JobExplanation.Reason("deadline", "its time is over in \(left), which \(kind)")
        )
        if run.timerAt != .distantFuture, run.timerAt < run.deadline {
            let stall = run.timerAt.since(now.boot).words
            result.reasons.append(
                JobExplanation.Reason(
                    "stalled_soon",
                    "without media progress it is looked at in \(stall)"
                )
            )
        }
        result.nextAt = wall(min(run.timerAt, run.deadline), now)
        return result
    }

    private static func explainEnded(_ machine: JobMachine, _ row: JobRow?) -> JobExplanation {
        let error = row?.error.map { ": \($0)" } ?? ""
        let failure = row?.failure?.name ?? "failure"
        switch machine.state {
        case .completed:
            let worker = row?.worker ?? ""
            let by = worker.isEmpty ? "" : " on \(worker)"
            return JobExplanation(
                reasons: [JobExplanation.Reason("completed", "it was completed\(by)")]
            )
        case .canceled:
            return JobExplanation(
                reasons: [JobExplanation.Reason("user_canceled", bounded("it was canceled\(error)"))]
            )
        case .rejected:
            return JobExplanation(
                reasons: [JobExplanation.Reason("rejected", bounded("it was rejected\(error)"))]
            )
        case .failed, .timedOut, .queued, .assigned, .running, .retrying:
            var reasons = [
                JobExplanation.Reason("failed", bounded("it failed, \(failure)\(error)"))
            ]
            if machine.retryCount == machine.retriesMax {
                reasons.append(
                    JobExplanation.Reason(
                        "retries_spent",
                        "its \(machine.retriesMax) retries are spent"
                    )
                )
            }
            return JobExplanation(reasons: reasons)
        }
    }

    /// A moment of the boot clock on the wall clock.
    func wall(_ instant: BootInstant, _ now: Moment) -> Timestamp {
        now.wall.advanced(by: instant.since(now.boot))
    }

    /// A text that is not longer than a line or two.
    static func bounded(_ text: String) -> String {
        guard text.utf8.count > Limits.whyTextBytesMax else { return text }
        return String(decoding: text.utf8.prefix(Limits.whyTextBytesMax), as: UTF8.self) + "…"
    }
}
