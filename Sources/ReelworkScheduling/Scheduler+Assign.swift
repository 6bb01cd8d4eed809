// SPDX-License-Identifier: Apache-2.0
// Reelwork: handing jobs to workers

import HeapModule
import ReelworkCore

extension Scheduler {
    /// Hands out all that can be handed out: the tenant with the least assigned ÷ weight first,
    /// within it by rank; a job that no free worker can run delays no other.
    ///
    /// Only pools of which something changed are looked at. Within one round a place only gets
    /// worse: its tenant has had more, its head is later, the workers are fuller. So one that was
    /// noted earlier is looked at again when it comes to the top, and what was woken by a worker
    /// that has just been given a job needs no further look.
    mutating func assignReady(now: Moment) {
        guard !ready.awake.isEmpty else { return }
        var round = Heap<LineCandidate>()
        for pool in ready.takeAwake() {
            if let candidate = candidate(of: pool) { round.insert(candidate) }
        }
        while let best = round.popMin() {
            guard let current = candidate(of: best.pool) else { continue }
            guard current == best else {
                round.insert(current)
                continue
            }
            ready.dropHead(of: best.line)
            offer(best, now: now)
            if let next = candidate(of: best.pool) { round.insert(next) }
        }
        unpark()
        _ = ready.takeAwake()
    }

    /// The line of a pool that comes first; nil where nothing waits that may be handed out, or no
    /// free worker can run it.
    private mutating func candidate(of pool: PoolIndex) -> LineCandidate? {
        ready.steps += 1
        guard ready.isOpen(pool), freshFree(pool) != nil else { return nil }
        while let place = ready.first(of: pool) {
            guard ready.isFresh(place), let head = freshHead(of: place.line) else {
                ready.dropFirst(of: pool)
                continue
            }
            let tenant = ready.tenant(of: place.line)
            guard !ready.isAtCap(tenant) else {
                ready.bench(place)
                continue
            }
            ready.boundLag(of: tenant)
            let current = ready.place(of: place.line, head)
            guard current != place else { return place }
            ready.moveBack(current)
        }
        return nil
    }

    private mutating func offer(_ place: LineCandidate, now: Moment) {
        guard var job = jobs[place.head.number] else { return }
        metrics.assignmentAttempts += 1
        guard let worker = takeWorker(for: job), assign(&job, to: worker, now: now) else {
            // A free worker was there for its pool, so this is a bug; the next sweep tries again.
            parked.append(place)
            return
        }
    }

    mutating func freshHead(of line: LineIndex) -> ReadyEntry? {
        while let entry = ready.head(of: line) {
            if isFresh(entry) { return entry }
            ready.dropHead(of: line)
        }
        return nil
    }

    /// Whether an entry is of a job that waits and has not moved since.
    func isFresh(_ entry: ReadyEntry) -> Bool {
        guard let job = jobs[entry.number] else { return false }
        return job.line != nil && job.entry == entry
    }

    /// The best free worker for the jobs of a pool: not one that refused them.
    private mutating func freshFree(_ pool: PoolIndex) -> FreeEntry? {
        let requirement = ready.pools[Int(pool.value)].requirement
        let refused = ready.pools[Int(pool.value)].refused
        guard !refused.isEmpty else { return freshFree(requirement) }
        var passed: [FreeEntry] = []
        var found: FreeEntry?
        while found == nil, let entry = freshFree(requirement) {
            if refused.contains(entry.worker) {
                passed.append(entry)
                ready.dropBestFree(requirement)
            } else {
                found = entry
            }
        }
        for entry in passed { ready.putBack(entry, for: requirement) }
        return found
    }

    private mutating func freshFree(_ requirement: RequirementIndex) -> FreeEntry? {
        while let entry = ready.bestFree(requirement) {
            if fleet[entry.worker].stamp == entry.stamp,
                ready.isStillFree(requirement, on: fleet[entry.worker])
            {
                return entry
            }
            ready.dropBestFree(requirement)
        }
        return nil
    }

    /// The best free worker for a job: not one that refused it, and the one it was lost on only
    /// where there is no other.
    private mutating func takeWorker(for job: LiveJob) -> WorkerIndex? {
        let refused = refusedBy[job.number] ?? []
        let avoided = elsewhere[job.number]
        var passed: [FreeEntry] = []
        var second: WorkerIndex?
        var chosen: WorkerIndex?
        while chosen == nil, let entry = freshFree(job.requirement) {
            if refused.contains(entry.worker) || entry.worker == avoided {
                if entry.worker == avoided, !refused.contains(entry.worker) { second = avoided }
                passed.append(entry)
                ready.dropBestFree(job.requirement)
            } else {
                chosen = entry.worker
            }
        }
        for entry in passed { ready.putBack(entry, for: job.requirement) }
        return chosen ?? second
    }

    /// Hands a queued job to a worker that fits it; false where that is not possible.
    private mutating func assign(
        _ job: inout LiveJob,
        to index: WorkerIndex,
        now: Moment
    ) -> Bool {
        guard let session = fleet[index].session?.id,
            let total = fleet[index].session?.assignedTotal,
            let fit = ready.fit(for: job.requirement, on: fleet[index])
        else { return false }
        job.worker = index
        job.engine = fit.engine
        job.started = nil
        let cause = Cause(fleet[index].reasonAssigned)
        guard (try? advance(&job, .assigned, cause, now: now)) != nil
        else { return false }
        ready.charge(job.tenant)
        metrics.assignmentSuccesses += 1
        let position = total + 1
        let key = OpenAttempt.Key(number: job.number, attempt: job.machine.attempt)
        fleet[index].session?.assignedTotal = position
        fleet[index].session?.unseen.append((position, key))
        fleet[index].add(
            key,
            OpenAttempt(needs: fit.needs, estimates: fit.estimates, isSeen: false)
        )
        fleet[index].idleSince = now.boot
        workerChanged(index)
        beginRun(job, now: now)
        push(
            session,
            .assign(
                Assignment(
                    id: job.id,
                    number: job.number,
                    attempt: job.machine.attempt,
                    engine: fit.engine,
                    spec: [],
                    granted: grants[job.number] ?? [],
                    isKilledOnLeaseLoss: job.isStream,
                    retryCount: UInt64(job.machine.retryCount),
                    startWithin: policy.assignedMax,
                    isLookOnly: job.machine.isLookOnly,
                    devices: fit.devices
                ),
                index: position
            )
        )
        return true
    }

    /// Notes that a worker's load or credit changed: entries made before are stale.
    mutating func workerChanged(_ index: WorkerIndex) {
        fleet[index].stamp += 1
        ready.refresh(index, fleet[index], fleetCount: fleet.workers.count)
    }

    /// Puts jobs back into their lines that could not be handed out in this round.
    private mutating func unpark() {
        guard !parked.isEmpty else { return }
        for place in parked where isFresh(place.head) {
            ready.putBack(place.head, into: place.line)
        }
        parked.removeAll(keepingCapacity: true)
    }

    // MARK: - Lines

    /// Puts a job into its line; where nobody knows who is free for it, the fleet is asked.
    mutating func enqueue(_ job: inout LiveJob) {
        var refused: [WorkerIndex] = []
        if !refusedBy.isEmpty, let workers = refusedBy[job.number] {
            refused = Set(workers).sorted()
        }
        guard ready.enqueue(&job, refused: refused) else { return }
        for worker in fleet.indices { ready.refresh(job.requirement, worker, fleet[worker]) }
    }

    /// A job waits no more.
    mutating func leaveLine(_ job: inout LiveJob) {
        guard let line = job.line else { return }
        ready.leave(&job)
        guard ready.isMostlyStale(line) else { return }
        let fresh = ready.entries(of: line).filter(isFresh)
        ready.replaceEntries(of: line, fresh)
    }
}
