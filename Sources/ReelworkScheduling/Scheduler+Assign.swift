// SPDX-License-Identifier: Apache-2.0
// Reelwork: handing jobs to workers

import HeapModule
import ReelworkCore

extension Scheduler {
    /// Hands out all that can be handed out: the tenant with the least in workers' hands first,
    /// within it by rank; a job that no free worker can run delays no other.
    ///
    /// Within one round a line's place only gets worse: its tenant holds more, its head is later,
    /// the workers are fuller. So a place that was noted earlier is looked at again when it comes
    /// to the top, and no line is looked at for each job.
    mutating func assignReady(now: Moment) {
        var round = Heap<LineCandidate>()
        for line in ready.lines.indices {
            if let candidate = candidate(ofLine: line) { round.insert(candidate) }
        }
        while var best = round.popMin() {
            guard freshFree(ready.lines[best.line].requirement) != nil else { continue }
            let held = ready.held(by: ready.lines[best.line].tenant)
            guard held == best.held else {
                best.held = held
                round.insert(best)
                continue
            }
            ready.dropHead(ofLine: best.line)
            offer(best.entry, now: now)
            if let next = candidate(ofLine: best.line) { round.insert(next) }
        }
        unpark()
    }

    /// A line's place in a round; nil where nothing waits or no free worker can run it.
    private mutating func candidate(ofLine line: Int) -> LineCandidate? {
        guard !ready.lines[line].entries.isEmpty,
            freshFree(ready.lines[line].requirement) != nil, let entry = freshHead(ofLine: line)
        else { return nil }
        return LineCandidate(
            held: ready.held(by: ready.lines[line].tenant),
            entry: entry,
            line: line
        )
    }

    private mutating func offer(_ entry: ReadyEntry, now: Moment) {
        guard var job = jobs[entry.number] else { return }
        metrics.assignmentAttempts += 1
        guard let worker = takeWorker(for: job), assign(&job, to: worker, now: now) else {
            // Every free worker has refused this job; it waits for another to come.
            parked.append(entry)
            return
        }
    }

    private mutating func freshHead(ofLine line: Int) -> ReadyEntry? {
        while let entry = ready.head(ofLine: line) {
            if let job = jobs[entry.number], job.machine.state == .queued,
                job.machine.moves == entry.moves, job.rank == entry.rank
            {
                return entry
            }
            ready.dropHead(ofLine: line)
        }
        return nil
    }

    private mutating func freshFree(_ requirement: RequirementIndex) -> FreeEntry? {
        while let entry = ready.bestFree(requirement) {
            if fleet[entry.worker].stamp == entry.stamp,
                fleet[entry.worker].isFree(for: ready.needs(of: requirement))
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
            let engine = ready.engine(for: job.requirement, on: fleet[index])
        else { return false }
        job.worker = index
        job.engine = engine
        job.started = nil
        let cause = Cause(fleet[index].reasonAssigned)
        guard (try? advance(&job, .assigned, cause, now: now)) != nil
        else { return false }
        metrics.assignmentSuccesses += 1
        let position = total + 1
        let key = OpenAttempt.Key(number: job.number, attempt: job.machine.attempt)
        fleet[index].session?.assignedTotal = position
        fleet[index].session?.unseen.append((position, key))
        fleet[index].add(
            key,
            OpenAttempt(needs: ready.needs(of: job.requirement), isSeen: false)
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
                    engine: engine,
                    spec: [],
                    granted: grants[job.number] ?? [],
                    retryCount: UInt64(job.machine.retryCount),
                    startWithin: policy.assignedMax,
                    isLookOnly: job.machine.isLookOnly
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

    /// Puts jobs back into their lines that were only passed over in this round.
    private mutating func unpark() {
        for entry in parked {
            guard let job = jobs[entry.number], job.machine.state == .queued else { continue }
            ready.enqueue(job)
        }
        parked.removeAll(keepingCapacity: true)
    }
}
