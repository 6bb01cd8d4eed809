// SPDX-License-Identifier: Apache-2.0
// Reelwork: what workers did to a job

import ReelworkCore

/// Marks: what workers did to a job that lives. They are durable, and go when the job ends.
extension Scheduler {
    /// A worker reported that it cannot do a job: never its own again.
    mutating func markRefused(_ number: JobNumber, by index: WorkerIndex, now: Moment) {
        guard refusedBy[number]?.contains(index) != true else { return }
        refusedBy[number, default: []].append(index)
        mark(number, .refused, death(of: index), now: now)
    }

    /// An attempt failed on a worker: its own fault, if another finishes the job.
    mutating func markFailed(_ number: JobNumber, on index: WorkerIndex, now: Moment) {
        guard failedOn[number]?.contains(index) != true else { return }
        failedOn[number, default: []].append(index)
        mark(number, .failed, death(of: index), now: now)
    }

    /// An agent died with a job in its hands; true where so many have that the job is given up.
    mutating func markDied(_ number: JobNumber, _ death: Death, now: Moment) -> Bool {
        if deaths[number]?.contains(death) != true {
            deaths[number, default: []].append(death)
            mark(number, .died, death, now: now)
        }
        return isInQuarantine(number)
    }

    private mutating func mark(
        _ number: JobNumber,
        _ kind: JobMarkRow.Kind,
        _ life: Death,
        now: Moment
    ) {
        effects.batch.marks.append(
            JobMarkRow(
                number: number,
                worker: life.worker,
                kind: kind,
                incarnation: life.incarnation,
                at: now.wall
            )
        )
    }

    /// Forgets what workers did to a job that is over.
    mutating func forgetMarks(of number: JobNumber) {
        guard !(refusedBy.isEmpty && failedOn.isEmpty && deaths.isEmpty) else { return }
        let wasRefused = refusedBy.removeValue(forKey: number) != nil
        let wasFailed = failedOn.removeValue(forKey: number) != nil
        let wasDied = deaths.removeValue(forKey: number) != nil
        if wasRefused || wasFailed || wasDied { effects.batch.marksRemoved.append(number) }
    }

    /// Takes a mark from the store.
    ///
    /// A worker that was removed and came back under its name is another: what the first did does
    /// not bind it.
    mutating func restore(_ mark: JobMarkRow) {
        guard jobs[mark.number] != nil else { return }
        switch mark.kind {
        case .died:
            let death = Death(worker: mark.worker, incarnation: mark.incarnation)
            guard deaths[mark.number]?.contains(death) != true else { return }
            deaths[mark.number, default: []].append(death)
        case .refused:
            guard let index = fleet.index(named: mark.worker),
                fleet[index].registered <= mark.at,
                refusedBy[mark.number]?.contains(index) != true
            else { return }
            refusedBy[mark.number, default: []].append(index)
        case .failed:
            guard let index = fleet.index(named: mark.worker),
                fleet[index].registered <= mark.at,
                failedOn[mark.number]?.contains(index) != true
            else { return }
            failedOn[mark.number, default: []].append(index)
        }
    }

    // MARK: - Quarantine

    /// The life of a worker that is known now.
    func death(of index: WorkerIndex) -> Death {
        Death(
            worker: fleet.name(index),
            incarnation: fleet[index].registration.incarnation
        )
    }

    private func isInQuarantine(_ number: JobNumber) -> Bool {
        policy.quarantineDeaths > 0 && deaths[number, default: []].count >= policy.quarantineDeaths
    }

    /// Why a job is in quarantine; nil where it is not.
    func quarantineWords(of number: JobNumber) -> String? {
        guard isInQuarantine(number), let agents = deaths[number] else { return nil }
        var names: [String] = []
        for death in agents where !names.contains(death.worker) { names.append(death.worker) }
        return "\(agents.count) \(Scheduler.quarantineMark) "
            + "(\(names.joined(separator: ", ")))"
    }

    /// What the error of every job says that was given up so, and of no other.
    static let quarantineMark = "agents died while they had it"

    /// Gives a job up under which agents died: failed, after a look for its film where a grant is
    /// open.
    mutating func quarantine(_ job: inout LiveJob, now: Moment) {
        guard let words = quarantineWords(of: job.number) else { return }
        let why = "quarantined: \(words)"
        note(.quarantined(job.number, why: why))
        let cause = Cause("Quarantined: \(words)", failure: .platformError, detail: why)
        guard let steps = try? advance(&job, .quarantined, cause, now: now) else { return }
        metrics.quarantined += 1
        // One that waits and may have a film keeps its place: only a look is left to it.
        if steps.isEmpty, !job.machine.state.isTerminal { write(job, now: now) }
        if job.machine.state == .retrying, !steps.isEmpty {
            scheduleRetry(&job, isCounted: true, now: now)
        }
    }

    /// An agent came back as a new process: what it held when its lease ended, it died with.
    mutating func proveDeaths(of index: WorkerIndex, _ death: Death, now: Moment) {
        for number in fleet[index].heldAtLeaseEnd {
            guard var job = jobs[number] else { continue }
            // Its film or its end was saved for the new process, which goes on with it.
            if job.machine.state.isHeld, job.worker == index { continue }
            guard markDied(number, death, now: now) else { continue }
            // Whoever has it by now may finish it.
            guard !job.machine.state.isHeld, !job.machine.isLookOnly else { continue }
            quarantine(&job, now: now)
        }
    }

    // MARK: - Cordon

    /// A worker finished a job: others that failed it are less to be trusted.
    mutating func finished(
        on index: WorkerIndex,
        _ failedBefore: [WorkerIndex],
        _ number: JobNumber,
        now: Moment
    ) {
        fleet[index].failuresInARow = 0
        for other in failedBefore where other != index && !fleet[other].isRemoved {
            fleet[other].failuresInARow += 1
            let count = fleet[other].failuresInARow
            guard policy.cordonFailures > 0, count >= policy.cordonFailures,
                fleet[other].cordon == nil
            else { continue }
            let why =
                "it failed \(count) jobs in a row that other workers finished "
                + "(last: job \(number), finished by \(fleet.name(index)))"
            fleet[other].cordon = Cordon(since: now.wall, reason: why)
            storeWorker(other)
            workerChanged(other)
            note(.workerCordoned(name: fleet.name(other), why: why))
        }
    }
}
