// SPDX-License-Identifier: Apache-2.0
// Reelwork: draining, resuming and removing workers

import ReelworkCore

extension Scheduler {
    mutating func setWorker(_ tag: RequestTag, _ order: WorkerOrder, now: Moment) {
        guard let index = fleet.index(named: order.name) else {
            answer(
                tag,
                .worker(
                    ItemResult(
                        .notFound,
                        detail: "there is no such worker; see `reelwork workers`"
                    ),
                    open: 0
                )
            )
            return
        }
        let result =
            switch order.action {
            case .drain(let within): drain(index, within: within, order, now: now)
            case .resume: resume(index, order)
            case .remove: remove(index, order, now: now)
            }
        answer(tag, .worker(result, open: UInt64(fleet[index].open.count)))
    }

    // MARK: - Draining

    /// It gets nothing more; the last word on the time counts.
    private mutating func drain(
        _ index: WorkerIndex,
        within: Duration?,
        _ order: WorkerOrder,
        now: Moment
    ) -> ItemResult {
        let within = within.map { max(.zero, min($0, Limits.horizonMax)) }
        let isSame = fleet[index].isToldToDrain && within == nil && fleet[index].drainUntil == nil
        guard !isSame else { return ItemResult(.ok) }
        fleet[index].isToldToDrain = true
        fleet[index].drainUntil = within.map { now.wall.advanced(by: $0) }
        fleet[index].isDrainOver = false
        setDrainEnd(index, after: within, now: now)
        storeWorker(index)
        workerChanged(index)
        note(
            .workerDraining(
                name: order.name,
                within: within,
                reason: order.reason,
                actor: order.actor
            )
        )
        return ItemResult(.ok)
    }

    /// Sets when what is left is taken back; nil where all may end.
    mutating func setDrainEnd(_ index: WorkerIndex, after time: Duration?, now: Moment) {
        fleet[index].drainEnd = time.map { now.boot.advanced(by: $0) }
        guard let end = fleet[index].drainEnd else { return }
        setTimer(.drain(index), at: end)
    }

    /// The time of a drain is over.
    mutating func endDrain(_ index: WorkerIndex, now: Moment) {
        fleet[index].drainEnd = nil
        fleet[index].isDrainOver = true
        let left = takeBack(from: index)
        note(.drainOver(name: fleet.name(index), left: left))
    }

    /// Tells a worker to hand back what it has; one that is not connected is told when it comes
    /// back, or its lease ends.
    ///
    /// No job moves before the worker says that it has let go: there are never two copies. An
    /// attempt that publishes is let be, for it is a moment from its end. Returns how many are
    /// left.
    @discardableResult
    mutating func takeBack(from index: WorkerIndex) -> Int {
        var left = 0
        for key in fleet[index].open.keys.sorted() {
            guard let job = jobs[key.number], job.machine.state.isHeld, job.worker == index,
                job.machine.attempt == key.attempt
            else { continue }
            left += 1
            if job.machine.isGrantOpen, job.machine.granted == key.attempt { continue }
            revoke(key.number, key.attempt, from: index, .draining)
        }
        return left
    }

    // MARK: - Resuming

    /// Ends drain and cordon.
    private mutating func resume(_ index: WorkerIndex, _ order: WorkerOrder) -> ItemResult {
        guard !fleet[index].isDraining || fleet[index].state == .dead else {
            return ItemResult(
                .precondition,
                detail: "it was told to stop where it runs, and ends; resume it when it is back"
            )
        }
        guard fleet[index].isToldToDrain || fleet[index].cordon != nil else {
            return ItemResult(.ok)
        }
        fleet[index].isToldToDrain = false
        fleet[index].drainUntil = nil
        fleet[index].drainEnd = nil
        fleet[index].isDrainOver = false
        fleet[index].cordon = nil
        fleet[index].failuresInARow = 0
        storeWorker(index)
        workerChanged(index)
        note(.workerResumed(name: order.name, reason: order.reason, actor: order.actor))
        return ItemResult(.ok)
    }

    // MARK: - Removing

    /// Forgets a worker; what it held goes on elsewhere, in the same commit.
    private mutating func remove(
        _ index: WorkerIndex,
        _ order: WorkerOrder,
        now: Moment
    ) -> ItemResult {
        let held = fleet[index].open.keys.sorted()
        guard fleet[index].state != .alive || held.isEmpty else {
            return ItemResult(
                .precondition,
                detail: "it is alive and holds \(held.count) jobs: drain it first "
                    + "(`reelwork workers drain \(order.name)`)"
            )
        }
        if let session = fleet[index].session {
            push(session.id, .close(.sessionSuperseded, detail: "the worker was removed"))
        }
        fleet[index].state = .dead
        fleet[index].removeAll()
        workerChanged(index)
        for key in held {
            lose(
                key,
                of: index,
                isCounted: true,
                Cause(
                    "Worker \(order.name) removed: \(order.reason)",
                    actor: order.actor,
                    failure: .platformError,
                    detail: "the worker was removed while it held the job"
                ),
                now: now
            )
        }
        fleet.remove(index)
        effects.batch.workers.removeAll { $0.registration.name == order.name }
        effects.batch.workersRemoved.append(order.name)
        note(.workerRemoved(name: order.name, reason: order.reason, actor: order.actor))
        return ItemResult(.ok)
    }
}
