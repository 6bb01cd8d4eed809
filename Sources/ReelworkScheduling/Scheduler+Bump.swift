// SPDX-License-Identifier: Apache-2.0
// Reelwork: putting a job before all others of its tenant

import ReelworkCore

extension Scheduler {
    /// Puts jobs before all others of their tenant, in the order in which they are named.
    mutating func bump(
        _ tag: RequestTag,
        _ targets: [ResolvedJob],
        reason: String,
        actor: String,
        now: Moment
    ) {
        // Each goes before the first: the one that is named first has to be the last that goes.
        let results = targets.reversed().map { target in
            bump(target, reason: reason, actor: actor, now: now)
        }
        answer(tag, .results(results.reversed()))
    }

    private mutating func bump(
        _ target: ResolvedJob,
        reason: String,
        actor: String,
        now: Moment
    ) -> ItemResult {
        guard let number = number(of: target),
            let machine = jobs[number]?.machine ?? ended[number] ?? target.stored
        else { return ItemResult(.notFound, detail: "there is no such job") }
        guard var job = jobs[number], machine.state == .queued else {
            return ItemResult(
                .precondition,
                detail: "job \(number) is \(machine.state.name); only a queued one can be bumped",
                number: number,
                state: machine.state
            )
        }
        guard job.line != nil else {
            let wait = job.notBefore.map { " for \($0.since(now.wall).words)" } ?? ""
            return ItemResult(
                .precondition,
                detail: "job \(number) is queued and not due\(wait); bump it when it is",
                number: number,
                state: .queued
            )
        }
        guard let first = firstWaiting(of: job.tenant), first.number != number else {
            return ItemResult(.ok, number: number, state: .queued)
        }
        let (rank, isOver) = first.rank.value.subtractingReportingOverflow(1)
        guard !isOver else {
            return ItemResult(
                .precondition,
                detail: "job \(first.number) is queued with the lowest rank that there is",
                number: number,
                state: .queued
            )
        }
        job.rank = Rank(value: rank)
        ready.rerank(job)
        write(job, now: now)
        note(.bumped(number, reason: reason, actor: actor))
        return ItemResult(.ok, number: number, state: .queued)
    }

    /// The job of a tenant that is next among all that may be handed out, in paused queues too.
    private mutating func firstWaiting(of tenant: TenantIndex) -> ReadyEntry? {
        var first: ReadyEntry?
        for line in ready.tenants[Int(tenant.value)].lines {
            guard let head = freshHead(of: line) else { continue }
            if first.map({ head < $0 }) ?? true { first = head }
        }
        return first
    }
}
