// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is checked at each step of a simulated world

import ReelworkCore
import ReelworkScheduling

extension World {
    mutating func see(_ sight: WorldSight) { sights[sight, default: 0] += 1 }

    /// I2, I3 and I5 on what a commit makes durable.
    mutating func check(_ batch: StoreBatch) {
        for insert in batch.inserts { owners[insert.number] = insert.tenant }
        for row in batch.rows where row.machine.state == .retrying {
            waits[row.number] = row.notBefore.map { WorldWait(until: $0, life: schedulerLife) }
        }
        for row in batch.queues {
            // What a batch hands out was chosen after all that it was told.
            if row.paused == nil {
                queuesPaused.remove(row.queue)
            } else {
                queuesPaused.insert(row.queue)
            }
        }
        for move in batch.moves {
            let name = "job \(move.number), move \(move.sequence) to \(move.step.to.name)"
            let before = lives[move.number]
            if before?.state != move.step.from || (before?.moves ?? 0) + 1 != move.sequence {
                violation("I2: \(name) does not follow the one before")
            }
            if let from = move.step.from, !from.canMove(to: move.step.to) {
                violation("I2: \(name) is not in the table")
            }
            let attempt = before?.attempt ?? .none
            if move.attempt < attempt { violation("I3: \(name): the attempt falls") }
            if move.step.to == .assigned {
                if move.attempt == attempt { violation("I3: \(name): the attempt stays") }
                if before?.state.isHeld == true { violation("I5: \(name): it is held") }
            }
            checkOrder(move, name)
            checkWait(move, name)
            lives[move.number] = WorldLife(
                state: move.step.to,
                moves: move.sequence,
                attempt: move.attempt
            )
            if move.reason.hasPrefix("Assignment never reached")
                || move.reason.hasSuffix("does not have it")
            {
                see(.lostAssignment)
            }
        }
    }

    /// I12 on the end of a backoff: never early, and late only where the scheduler was away.
    private mutating func checkWait(_ move: MoveRow, _ name: String) {
        guard move.step.from == .retrying, let wait = waits.removeValue(forKey: move.number),
            move.reason == "Backoff is over"
        else { return }
        let late = move.at.since(wait.until)
        if late < .zero { violation("I12: \(name): its wait ends \(late) early") }
        if late > .seconds(1), wait.life == schedulerLife {
            violation("I12: \(name): its wait ends \(late.words) late")
        }
    }

    /// I8 on a move, and that nothing of a paused queue is handed out.
    ///
    /// What a worker that comes back still runs is taken up all the same.
    private mutating func checkOrder(_ move: MoveRow, _ name: String) {
        let tenant = owners[move.number] ?? ""
        let wasHeld = lives[move.number]?.state.isHeld == true
        if move.step.to == .assigned, move.reason.hasPrefix("Assigned to") {
            let policy = options.policy.tenants[tenant] ?? options.policy.tenantDefault
            if let cap = policy.heldMax, held[tenant, default: 0] >= cap {
                violation("I8: \(name): its tenant has \(cap) already")
            }
            if queuesPaused.contains(move.queue) {
                violation("queue: \(name): its queue is paused")
            }
        }
        guard wasHeld != move.step.to.isHeld else { return }
        held[tenant, default: 0] += wasHeld ? -1 : 1
        if held[tenant] == options.policy.tenants[tenant]?.heldMax { see(.tenantCap) }
    }

    /// I5 and I10 on an assignment that leaves.
    mutating func check(_ assignment: Assignment, index: UInt64, to link: UInt64) {
        let name = "job \(assignment.number), attempt \(assignment.attempt)"
        if lives[assignment.number]?.attempt != assignment.attempt {
            violation("I5: \(name) is handed out before it is on disk")
        }
        let handOut = WorldHandOut(number: assignment.number, attempt: assignment.attempt)
        if !handOuts.insert(handOut).inserted { violation("I5: \(name) is handed out twice") }
        guard let place = self.index(ofLink: link) else { return }
        if index > links[place].creditHeard {
            violation("I10: assignment \(index) with a credit of \(links[place].creditHeard)")
        }
        if assignment.isLookOnly { see(.lookOnly) }
    }

    /// I10 where assignments arrive.
    mutating func check(_ assignments: [Assignment], first: UInt64, at link: UInt64) {
        guard let place = index(ofLink: link) else { return }
        let last = first + UInt64(assignments.count) - 1
        if last > links[place].creditSent {
            violation("I10: assignment \(last) with a credit of \(links[place].creditSent)")
        }
    }

    /// I4: which items of a report are of an attempt that is over on disk.
    func stale(_ items: [ReportItem]) -> [Bool] {
        items.map { $0.attempt < lives[$0.number]?.attempt ?? .none }
    }

    /// I4 on the answer to a report.
    mutating func check(_ results: [ItemResult], to tag: RequestTag) {
        let stale = reports.removeValue(forKey: tag) ?? []
        for (index, result) in results.enumerated() {
            if result.code == .known(.staleAttempt) { see(.staleReport) }
            if index < stale.count, stale[index], result.code.value?.isSuccess == true {
                violation("I4: a report of an earlier attempt was accepted")
            }
        }
    }

    /// I1 and I9 on an accepted job.
    mutating func checkAccepted(_ job: Int, _ number: JobNumber) {
        let stored = (try? store.find(["job-\(job)"]))?.first ?? nil
        if stored == nil { violation("I1: job-\(job) is answered and not on disk") }
        if let known = accepted.updateValue(number, forKey: job) {
            if known != number { violation("I9: job-\(job) is #\(known) and #\(number)") }
        } else if strikes("submitted again", 100) {
            repeated.insert(job)
            plan(.submit(job), after: duration(0...60_000))
        }
    }

    mutating func check(_ note: SchedulerNote) {
        switch note {
        case .digestMismatch(let name):
            see(.digestMismatch)
            guard let worker = workers.first(where: { $0.name == name }), let link = worker.link,
                let index = index(ofLink: link), !links[index].isForgetful
            else { break }
            violation("digest: \(name) and the scheduler differ, and nothing was forgotten")
        case .retryScheduled: see(.retry)
        case .queueSet(_, isPaused: true, _, _): see(.queuePause)
        case .bumped: see(.bump)
        case .retriesSpent: see(.exhaustion)
        case .workerDead(let name, _, let why) where why.hasPrefix("no heartbeat"):
            see(.leaseEnd)
            guard let worker = workers.first(where: { $0.name == name }), let link = worker.link,
                let index = index(ofLink: link), links[index].isRegistered,
                !links[index].isDisturbed
            else { break }
            violation("I12: the lease of \(name) ran out, and nothing was in its way")
        case .sweepFailed(_, let found): violation("R7: a loop found \(found)")
        case .quarantined: see(.quarantine)
        case .workerCordoned: see(.cordon)
        case .workerRemoved: see(.removal)
        case .drainOver: see(.drainEnd)
        case .handedBackOften, .workerDraining, .workerResumed, .loopSet: break
        case .workerDead, .workerRegistered, .workerSuspect, .workerLeft, .timedOut, .extended,
            .recovering, .queueSet:
            break
        }
    }

    mutating func check(_ verdicts: [Verdict]) {
        for verdict in verdicts {
            switch verdict.kind {
            case .known(.adopt): see(.adopt)
            case .known(.keep): see(.keep)
            case .known(.kill): see(.kill)
            case .known(.done): see(.done)
            case .unknown: violation("wire: a verdict that nobody knows")
            }
        }
    }
}
