// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a queued job waits for

import ReelworkCore

extension Scheduler {
    /// What a queued job waits for.
    func explanation(ofQueued job: LiveJob, now: Moment) -> JobExplanation {
        let seen = lookAtWorkers(for: job)
        let holds = holds(on: job, now: now)
        var reasons = holds
        if holds.isEmpty || !seen.isAnyAble { reasons += seen.reasons }
        if holds.isEmpty, seen.isAnyAble, !seen.isAnyFree, let turn = turn(of: job) {
            reasons.append(turn)
        }
        let end = rejection(of: job, seen, now: now)
        if let end {
            reasons.append(
                JobExplanation.Reason(
                    .unfitGrace,
                    "no worker of the fleet can run it: it is rejected in "
                        + "\(max(.zero, end.since(now.boot)).words) where none comes"
                )
            )
        }
        // Without a hold and with a free worker it is handed out with the next decision.
        let first =
            reasons.first
            ?? JobExplanation.Reason(
                .tenantTurn,
                "\(seen.freeName.map { "\($0) is free" } ?? "a worker is free") for it: "
                    + "it is handed out in its turn, within moments"
            )
        var result = JobExplanation(of: job.number, .queued, first)
        for reason in reasons.dropFirst() { result.add(reason) }
        addPast(of: job, to: &result)
        result.rank = job.rank
        (result.place, result.isPlaceAtLeast) = place(of: job)
        let next = [waits[job.number], end, seen.changeAt].compactMap { $0 }.min()
        result.nextAt = next.map { wall($0, now) }
        result.workers = seen.workers
        result.isCut = seen.isCut
        return result
    }

    /// What keeps it from every worker.
    private func holds(on job: LiveJob, now: Moment) -> [JobExplanation.Reason] {
        var reasons: [JobExplanation.Reason] = []
        if let until = waits[job.number] {
            let at = job.notBefore ?? wall(until, now)
            reasons.append(
                JobExplanation.Reason(.notBefore, "it may not start before \(at.text)")
            )
        }
        if ready.isPaused[job.queue.place] {
            let name = job.queue.name
            reasons.append(
                JobExplanation.Reason(
                    .pausedQueue,
                    "queue \(name) is paused; `reelwork queue resume \(name)` lets it go on"
                )
            )
        }
        if ready.isAtCap(job.tenant) {
            let tenant = ready.tenants[Int(job.tenant.value)]
            reasons.append(
                JobExplanation.Reason(
                    .tenantCap,
                    "tenant \(tenant.name) has all that it may have: "
                        + "\(tenant.held) jobs in workers' hands"
                )
            )
        }
        return reasons
    }

    /// Tenants that come first where a worker gets free; nil where there are none.
    private func turn(of job: LiveJob) -> JobExplanation.Reason? {
        let own = ready.tenants[Int(job.tenant.value)]
        let before = ready.tenants.prefix(Limits.whyEntriesMax).count { other in
            other.waiting > 0 && !other.isAtCap
                && (other.time, other.turn) < (own.time, own.turn)
        }
        guard before > 0 else { return nil }
        let name = own.name.isEmpty ? "jobs without one" : own.name
        return JobExplanation.Reason(
            .tenantTurn,
            "\(before) other \(before == 1 ? "tenant has" : "tenants have") had less of the fleet "
                + "beside their weights than \(name): their jobs come first where they can run"
        )
    }

    /// When it is rejected where no worker comes that can run it; nil where one can.
    ///
    /// The cleanup loop begins to count at its next turn, so it may be one turn later.
    private func rejection(
        of job: LiveJob,
        _ seen: WorkersSeen,
        now: Moment
    ) -> BootInstant? {
        // What may have a film is never rejected.
        guard !seen.isAnyAble, !job.machine.isGrantOpen else { return nil }
        let unfit = ready[job.requirement].unfitSince
        let refused = refusedSince[job.number]
        // Of a fleet of which not all was looked at, the cleanup loop knows whether any fits.
        if seen.isPartial, unfit == nil, refused == nil { return nil }
        let since = [unfit, refused].compactMap { $0 }.min() ?? now.boot
        let end = max(since, job.accepted).advanced(by: policy.capabilityGrace)
        // What nobody refused is not looked at before it is due.
        guard refused == nil, let due = waits[job.number] else { return end }
        return max(end, due)
    }

    /// Its place among the waiting jobs of its tenant, and whether that is only a lower bound.
    private func place(of job: LiveJob) -> (UInt64?, Bool) {
        guard job.line != nil else { return (nil, false) }
        var before: UInt64 = 0
        var left = Limits.whyEntriesMax
        for line in ready.tenants[Int(job.tenant.value)].lines where left > 0 {
            before += ready.count(before: job.entry, in: line, left: &left, isFresh: isFresh)
        }
        return (before + 1, left <= 0)
    }
}
