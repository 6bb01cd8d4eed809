// SPDX-License-Identifier: Apache-2.0
// Reelwork: cancel and forced recovery

import ReelworkCore

extension Scheduler {
    mutating func cancel(
        _ tag: RequestTag,
        _ targets: [ResolvedJob],
        reason: String,
        actor: String,
        now: Moment
    ) {
        let words = reason.isEmpty ? "Canceled" : "Canceled: \(reason)"
        answer(
            tag,
            .results(
                targets.map { target in
                    cancel(target, Cause(words, actor: actor), now: now)
                }
            )
        )
    }

    private mutating func cancel(
        _ target: ResolvedJob,
        _ cause: Cause,
        now: Moment
    ) -> ItemResult {
        guard let number = number(of: target) else {
            return ItemResult(.notFound, detail: "there is no such job")
        }
        do throws(JobRefusal) {
            guard var job = jobs[number] else {
                guard var machine = ended[number] ?? target.stored else {
                    return ItemResult(.notFound, detail: "there is no such job")
                }
                _ = try machine.handle(.canceled)
                return ItemResult(.ok, number: number, state: machine.state)
            }
            let (attempt, holder, wasHeld) = hands(of: job)
            try advance(&job, .canceled, cause, now: now)
            if wasHeld { revoke(number, attempt, from: holder, .canceled) }
            return ItemResult(.ok, number: number, state: job.machine.state)
        } catch {
            var result = ItemResult(error)
            result.number = number
            result.state = result.from
            return result
        }
    }

    /// The number that a request means; a key may be known here before the store knows it.
    func number(of target: ResolvedJob) -> JobNumber? {
        target.number ?? target.key.flatMap { pendingKeys[$0]?.number }
    }

    private func hands(of job: LiveJob) -> (AttemptNumber, WorkerIndex?, Bool) {
        (job.machine.attempt, job.worker, job.machine.state.isHeld)
    }

    // MARK: - Forced recovery

    mutating func recover(_ tag: RequestTag, _ order: RecoveryOrder, now: Moment) {
        guard let targets = targets(of: order) else {
            answer(
                tag,
                .refused(
                    .notFound,
                    detail: "there is no such worker; see `reelwork workers`",
                    retryAfter: .zero
                )
            )
            return
        }
        let outcomes = targets.prefix(Limits.batchItemsMax).map { recover($0, order, now: now) }
        answer(
            tag,
            .recovered(Array(outcomes), isMore: targets.count > Limits.batchItemsMax)
        )
    }

    private func targets(of order: RecoveryOrder) -> [ResolvedJob]? {
        switch order.target {
        case .jobs(let jobs): return jobs
        case .worker(let name):
            guard let index = fleet.index(named: name) else { return nil }
            return runs.keys.filter { jobs[$0]?.worker == index }.sorted()
                .map { ResolvedJob(number: $0) }
        case .orphans:
            return orphans().map { ResolvedJob(number: $0) }
        }
    }

    private mutating func recover(
        _ target: ResolvedJob,
        _ order: RecoveryOrder,
        now: Moment
    ) -> RecoveryOutcome {
        guard let number = number(of: target), var job = jobs[number] else {
            return endedOutcome(target, order)
        }
        let from = job.machine.state
        var outcome = RecoveryOutcome(number: number, from: from, to: from, code: .ok)
        do throws(JobRefusal) {
            switch order.action {
            case .recover:
                guard from.isHeld else { break }
                if let wait = leaseRemaining(of: job, now: now) {
                    outcome.code = .precondition
                    outcome.detail =
                        "its worker's lease still runs for \(wait.words); wait, or requeue it"
                    return outcome
                }
                let (attempt, holder, _) = hands(of: job)
                orphan(
                    &job,
                    isCounted: true,
                    Cause(
                        "Recovered: \(order.reason)",
                        actor: order.actor,
                        failure: .platformError,
                        detail: order.reason
                    ),
                    now: now
                )
                revoke(number, attempt, from: holder, .stale)
            case .requeue: try requeue(&job, order, now: now)
            case .fail:
                let (attempt, holder, wasHeld) = hands(of: job)
                // The row that ends the job carries the text; a refusal must leave none behind.
                let errorBefore = errors[number]
                errors[number] = "failed by an administrator: \(order.reason)"
                do throws(JobRefusal) {
                    try advance(
                        &job,
                        .failedByForce,
                        Cause("Failed: \(order.reason)", actor: order.actor, detail: order.reason),
                        now: now
                    )
                } catch {
                    errors[number] = errorBefore
                    throw error
                }
                if wasHeld { revoke(number, attempt, from: holder, .canceled) }
            }
        } catch {
            let result = ItemResult(error)
            outcome.code = result.code.value ?? .internal
            outcome.detail = result.detail
        }
        outcome.to = job.machine.state
        return outcome
    }

    private mutating func requeue(
        _ job: inout LiveJob,
        _ order: RecoveryOrder,
        now: Moment
    ) throws(JobRefusal) {
        let (attempt, holder, wasHeld) = hands(of: job)
        let isEarly = job.machine.state == .queued && job.notBefore != nil
        job.notBefore = nil
        try advance(
            &job,
            isEarly ? .hastened : .requeued,
            Cause("Requeued: \(order.reason)", actor: order.actor),
            now: now
        )
        if wasHeld { revoke(job.number, attempt, from: holder, .requeued) }
    }

    private func endedOutcome(_ target: ResolvedJob, _ order: RecoveryOrder) -> RecoveryOutcome {
        let number = number(of: target)
        guard let number, let machine = ended[number] ?? target.stored else {
            return RecoveryOutcome(
                number: number ?? JobNumber(0),
                from: nil,
                to: nil,
                code: .notFound,
                detail: "there is no such job"
            )
        }
        let wanted: JobState =
            switch order.action {
            case .recover: .retrying
            case .requeue: .queued
            case .fail: .failed
            }
        let isDone = machine.state == wanted
        return RecoveryOutcome(
            number: number,
            from: machine.state,
            to: machine.state,
            code: isDone ? .ok : .illegalTransition,
            detail: isDone
                ? nil : JobRefusal.illegalMove(from: machine.state, to: wanted).explanation
        )
    }

    private func leaseRemaining(of job: LiveJob, now: Moment) -> Duration? {
        guard let index = job.worker, fleet[index].state != .dead else { return nil }
        let remaining = fleet[index].leaseEnd.since(now.boot)
        return remaining > .zero ? remaining : nil
    }

    // MARK: - Views

    func holder(of number: JobNumber) -> SchedulerAnswer {
        guard let job = jobs[number], job.machine.state.isHeld, let index = job.worker else {
            return .located(nil, .none)
        }
        return .located(fleet[index].session?.id, job.machine.attempt)
    }

    func workers(
        _ name: String,
        isLong: Bool,
        after: String,
        limit: Int,
        now: Moment
    ) -> SchedulerAnswer {
        let chosen: ArraySlice<WorkerIndex> =
            name.isEmpty ? fleet.indices(after: after) : fleet.index(named: name).map { [$0] } ?? []
        return .workers(
            chosen.prefix(limit).map { view(of: fleet[$0], isLong: isLong, now: now) },
            isMore: chosen.count > limit
        )
    }

    private func view(of worker: Worker, isLong: Bool, now: Moment) -> WorkerView {
        let registration = worker.registration
        var view = WorkerView(
            name: registration.name,
            state: .known(worker.state),
            session: worker.session?.id.rawValue ?? 0,
            capacity: registration.capacity,
            used: zip(registration.capacity, worker.used).map {
                ResourceAmount(name: $0.name, amount: $1)
            },
            open: UInt64(worker.open.count),
            seenAgo: now.boot.since(worker.seen),
            labels: registration.labels,
            engines: isLong ? registration.engines : [],
            isDraining: worker.isToldToDrain || worker.isDraining && worker.state != .dead
        )
        view.cordoned = worker.cordon?.reason
        view.drainUntil = worker.drainUntil
        view.isStopped = worker.isStopped
        view.isUnheard = worker.isUnheard
        view.host = registration.host
        view.version = registration.version
        view.registered = worker.registered
        view.scratchFreeMebibytes = registration.scratchFreeMebibytes
        view.clockOffsetMilliseconds = worker.clockOffset?.milliseconds
        return view
    }
}
