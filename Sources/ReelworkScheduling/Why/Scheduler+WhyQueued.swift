// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a queued job waits for

import ReelworkCore

extension Scheduler {
    /// What a queued job waits for.
    func explainQueued(_ job: LiveJob, now: Moment) -> JobExplanation {
        var reasons: [JobExplanation.Reason] = []
        if let until = waits[job.number] {
            let words = until.since(now.boot).words
            reasons.append(JobExplanation.Reason("not_before", "it is not due for \(words)"))
        }
        if ready.isPaused[job.queue.place] {
            reasons.append(
                JobExplanation.Reason("paused_queue", "queue \(job.queue.name) is paused")
            )
        }
        if ready.isAtCap(job.tenant) {
            let tenant = ready.tenants[Int(job.tenant.value)]
            reasons.append(
                JobExplanation.Reason(
                    "tenant_cap",
                    "tenant \(tenant.name) has \(tenant.held) jobs running, which is its cap"
                )
            )
        }
        let lacks = considered(job)
        let isFree = lacks.contains { $0.code == "free" }
        if fleet.workers.allSatisfy(\.isRemoved) {
            reasons.append(JobExplanation.Reason("no_worker", "no worker is registered"))
        } else if isFree, reasons.isEmpty {
            reasons.append(
                JobExplanation.Reason("tenant_turn", "a worker is free and its turn comes next")
            )
        } else if !isFree {
            reasons += Scheduler.summary(of: lacks)
        }
        var next = waits[job.number]
        let unfit = ready[job.requirement].unfitSince ?? refusedSince[job.number]
        if let since = unfit {
            let end = max(since, job.accepted).advanced(by: policy.capabilityGrace)
            next = min(next ?? end, end)
            reasons.append(
                JobExplanation.Reason(
                    "unfit_grace",
                    """
                    no worker can run it for \(now.boot.since(since).words); it is rejected in \
                    \(end.since(now.boot).words) if none comes
                    """
                )
            )
        }
        var result = JobExplanation(reasons: reasons)
        result.rank = job.rank
        result.place = place(of: job)
        result.nextAt = next.map { wall($0, now) }
        result.workers = Array(lacks.prefix(Limits.whyWorkersMax))
        result.isCut = lacks.count > Limits.whyWorkersMax
        return result
    }

    /// What the workers lack, counted by code in the order of their first.
    private static func summary(
        of lacks: [JobExplanation.WorkerReason]
    ) -> [JobExplanation.Reason] {
        var reasons: [JobExplanation.Reason] = []
        for lack in lacks {
            if let place = reasons.firstIndex(where: { $0.code == lack.code }) {
                reasons[place].count += 1
            } else {
                reasons.append(
                    JobExplanation.Reason(lack.code, "\(lack.name): \(lack.text)", count: 1)
                )
            }
        }
        return reasons
    }

    /// Its place among the jobs of its tenant; a lower bound where too many wait to count.
    private func place(of job: LiveJob) -> UInt64? {
        guard job.line != nil else { return nil }
        var before: UInt64 = 0
        var left = Limits.whyEntriesMax
        for line in ready.tenants[Int(job.tenant.value)].lines {
            guard left > 0 else { break }
            let entries = ready.entries(of: line)
            for entry in entries.prefix(left) where entry < job.entry && isFresh(entry) {
                before += 1
            }
            left -= min(left, max(1, entries.count))
        }
        return before + 1
    }

    // MARK: - Workers

    private func considered(_ job: LiveJob) -> [JobExplanation.WorkerReason] {
        fleet.indices(after: "").filter { !fleet[$0].isRemoved }.map { index in
            let (code, text) = lack(of: index, for: job)
            return JobExplanation.WorkerReason(
                name: fleet.name(index),
                code: code,
                text: Scheduler.bounded(text)
            )
        }
    }

    private func lack(of index: WorkerIndex, for job: LiveJob) -> (String, String) {
        let worker = fleet[index]
        let requirement = ready[job.requirement].requirement
        if worker.state == .dead { return ("dead", "it is dead") }
        if refusedBy[job.number]?.contains(index) == true {
            return ("refused", "it said that it cannot run this job")
        }
        if let lack = Scheduler.lack(of: worker, for: requirement) { return lack }
        if worker.state == .suspect { return ("suspect", "its connection is lost") }
        if let cordon = worker.cordon { return ("cordoned", "it is cordoned: \(cordon.reason)") }
        if worker.isDraining || worker.isToldToDrain { return ("draining", "it drains") }
        if worker.isPaused || worker.session?.hasCredit != true {
            return ("no_credit", "it takes no more now")
        }
        guard worker.isFree(for: requirement.needs) else {
            return ("busy", "it is full: \(worker.open.count) jobs run there")
        }
        if elsewhere[job.number] == index {
            return ("lost_there", "the job was lost there: elsewhere first")
        }
        return ("free", "it is free")
    }

    /// What a worker can never do; nil where it fits.
    private static func lack(
        of worker: Worker,
        for requirement: JobRequirement
    ) -> (String, String)? {
        let held = worker.registration
        if let label = requirement.require.first(where: { !held.labels.contains($0) }) {
            return ("missing_label", "it has no label \(label.name)=\(label.value)")
        }
        if requirement.engine(among: held.engines) == nil {
            let names = requirement.candidates.map(\.engine)
            let found = held.engines.filter { names.contains($0.name) }
            guard let first = found.first else {
                return ("no_engine", "it has no \(names.joined(separator: " or "))")
            }
            if found.allSatisfy({ $0.problem != nil }) {
                return ("engine_broken", "its \(first.name) is broken: \(first.problem ?? "")")
            }
            let wanted = requirement.candidates.first { $0.engine == first.name }?.encoders ?? []
            let missing = wanted.filter { !first.encoders.contains($0) }
            return ("no_encoder", "its \(first.name) lacks \(missing.joined(separator: ", "))")
        }
        guard worker.hasCapacity(for: requirement.needs) else {
            return ("too_small", "it is too small for what the job needs")
        }
        return nil
    }
}
