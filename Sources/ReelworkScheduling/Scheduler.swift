// SPDX-License-Identifier: Apache-2.0
// Reelwork: who gets what

import HeapModule
package import ReelworkCore

/// Who gets what: chooses among jobs and workers.
///
/// A value: inputs in, effects out, `now` given.
///
/// Invariants:
/// - Every change of a job's state goes through `advance`, which asks ``JobMachine``.
/// - `jobs` holds every job that is not terminal; `ended` those that became terminal in a commit
///   that is not on disk yet.
/// - A job is in `runs` exactly while it is assigned or running.
/// - Nothing iterates a dictionary: two runs with the same inputs give the same effects.
///
/// Effects must be made durable in the order in which they were returned; what a failed commit
/// holds is lost, and the scheduler must then be built anew from the store.
package struct Scheduler: Sendable {
    /// The times that it goes by.
    package let policy: SchedulerPolicy
    var random: RandomSource
    var jobs: [JobNumber: LiveJob] = [:]
    var runs: [JobNumber: Run] = [:]
    var grants: [JobNumber: [Grant]] = [:]
    var errors: [JobNumber: String] = [:]
    /// Workers that reported that they cannot do a job: never theirs again.
    var refusedBy: [JobNumber: [WorkerIndex]] = [:]
    /// The worker on which a job was lost or starved: elsewhere first.
    var elsewhere: [JobNumber: WorkerIndex] = [:]
    /// Workers on which an attempt of a job failed.
    var failedOn: [JobNumber: [WorkerIndex]] = [:]
    /// Agents that died with a job in their hands.
    var deaths: [JobNumber: [Death]] = [:]
    /// How often in a row a job came back without a failure.
    var handBacks: [JobNumber: Int] = [:]
    /// When the time of a run with a submitter's limit is over, whoever goes on with it.
    var hardEnds: [JobNumber: BootInstant] = [:]
    /// When the wait of a job in retrying, or of one with a time of its own, is over.
    var waits: [JobNumber: BootInstant] = [:]
    /// Since when every worker that could run a queued job has refused it.
    var refusedSince: [JobNumber: BootInstant] = [:]
    var outputs: [OutputDigest: JobNumber] = [:]
    /// Jobs passed over in the current round of assignment.
    var parked: [LineCandidate] = []
    var fleet = Fleet()
    var ready = ReadyQueue()
    var timers = Heap<Timer>()
    /// Reminders that were left when stale ones were dropped last.
    var timersKept = 0
    var nextNumber: JobNumber
    /// What it has counted since it was made.
    package internal(set) var metrics = SchedulerMetrics()

    /// An input came since the last ``settle(now:)``: something may be there to hand out.
    package internal(set) var isUnsettled = false

    /// Answers that need not wait for the commit of their batch.
    var prompt: [SchedulerOutput] = []
    /// All commits up to this one are on disk.
    private(set) var committed: UInt64 = 0

    // What is not on disk yet.
    var effects = SchedulerEffects()
    var rowPlaces: [JobNumber: Int] = [:]
    /// The number of the commit that the current effects will be part of.
    package internal(set) var commit: UInt64 = 1
    var endedNumbers: [(commit: UInt64, number: JobNumber)] = []
    var ended: [JobNumber: JobMachine] = [:]
    var pendingKeyList: [(commit: UInt64, key: String)] = []
    var pendingKeys: [String: PendingKey] = [:]

    /// A job that was accepted in a commit that is not on disk yet.
    struct PendingKey: Sendable {
        var number: JobNumber
        var id: JobID
        var bytes: [UInt8]
        /// The job that it runs once more; nil where it was submitted.
        var retryOf: JobNumber?
    }

    /// Makes a scheduler without jobs; see `Scheduler+Rebuild` for one from the store.
    package init(policy: SchedulerPolicy, random: RandomSource) {
        self.policy = policy
        self.random = random
        nextNumber = JobNumber(1)
    }

    /// Takes one input.
    ///
    /// Its effects wait for ``settle(now:)``.
    package mutating func handle(_ input: SchedulerInput, now: Moment) {
        let isQuiet = !isUnsettled
        isUnsettled = true
        switch input {
        case .submit(let tag, let submissions, let isAtomic, let actor):
            submit(tag, submissions, isAtomic: isAtomic, actor: actor, now: now)
        case .cancel(let tag, let targets, let reason, let actor):
            cancel(tag, targets, reason: reason, actor: actor, now: now)
        case .recover(let tag, let order):
            recover(tag, order, now: now)
        case .retry(let tag, let orders, let reason, let actor):
            retry(tag, orders, reason: reason, actor: actor, now: now)
        case .bump(let tag, let targets, let reason, let actor):
            bump(tag, targets, reason: reason, actor: actor, now: now)
        case .setQueue(let tag, let order): setQueue(tag, order, now: now)
        case .setWorker(let tag, let order): setWorker(tag, order, now: now)
        case .why(let tag, let target): explain(tag, target, now: now)
        case .register(let tag, let session, let registration, let held):
            register(tag, session, registration, held: held, now: now)
        case .heartbeat(let tag, let session, let note):
            heartbeat(tag, session, note, now: now)
        case .pulse(let tag, let session):
            pulse(tag, session, now: now)
        case .life(let sign): hear(sign, now: now)
        case .credit(let session, let limit, let isDraining):
            credit(session, limit: limit, isDraining: isDraining, now: now)
        case .report(let tag, let session, let limit, let items, let ended):
            report(tag, session, limit: limit, items, stored: ended, now: now)
        case .inventory(let session, let seen, let held):
            inventory(session, seen: seen, held, now: now)
        case .inventoryFailed(let session):
            guard let index = fleet.index(of: session) else { break }
            fleet[index].session?.isInventoryAsked = false
        case .progress(let session, let notes):
            progress(session, notes, now: now)
        case .closed(let session, let isFarewell):
            closed(session, isFarewell: isFarewell, now: now)
        case .paused(let session, let isPaused):
            guard let index = fleet.index(of: session) else { break }
            fleet[index].isPaused = isPaused
            workerChanged(index)
        case .processGone(let session):
            processGone(session, now: now)
        case .workers(let tag, let name, let isLong, let after, let limit):
            let page = workers(name, isLong: isLong, after: after, limit: limit, now: now)
            answer(tag, page)
        case .locate(let tag, let number):
            answer(tag, holder(of: number))
        case .metrics(let tag, let prefix):
            answer(tag, .metrics(currentMetrics(), prefix: prefix))
        case .resumed: grantGrace(now: now)
        case .committed(let number):
            committed = max(committed, number)
            forget(upTo: number)
        case .sweep(let sweep):
            // Whoever wants to know what it found calls ``run(_:now:)``; the note tells the log.
            try? self.sweep(sweep, isQuiet: isQuiet, now: now)
        }
    }

    /// Ends a batch of inputs: acts on due timers, hands out what can be handed out, and gives the
    /// effects, which are commit number ``commit`` of this scheduler.
    package mutating func settle(now: Moment) -> SchedulerEffects {
        fireTimers(now: now)
        assignReady(now: now)
        var result = effects
        effects = SchedulerEffects()
        if !prompt.isEmpty { result.outputs = takePrompt() + result.outputs }
        isUnsettled = false
        // Batches resemble the one before: growing by doubling would copy most rows twice.
        effects.batch.rows.reserveCapacity(min(result.batch.rows.count, Limits.commitMovesMax))
        effects.batch.moves.reserveCapacity(min(result.batch.moves.count, Limits.commitMovesMax))
        effects.outputs.reserveCapacity(min(result.outputs.count, Limits.commitMovesMax))
        rowPlaces.removeAll(keepingCapacity: true)
        commit += 1
        return result
    }

    /// When ``settle(now:)`` should be called although no input came.
    package var nextTimer: BootInstant? { timers.min?.at }

    /// Reminders that are set, stale ones too: a figure for memory.
    package var timerCount: Int { timers.count }

    /// The jobs that are not terminal.
    package var liveCount: Int { jobs.count }

    /// Moves that wait to be settled: the size of the commit that is being gathered.
    package var pendingMoves: Int { effects.batch.moves.count }

    /// Whether anything waits to be settled.
    package var hasPending: Bool { !effects.isEmpty }

    /// Takes out the answers that may leave at once, whatever commit is under way: those to
    /// heartbeats of sessions that are on disk.
    ///
    /// They say nothing of any job and nothing of what a commit makes true. What is not taken out
    /// leaves with the next ``settle(now:)``.
    package mutating func takePrompt() -> [SchedulerOutput] {
        defer { prompt.removeAll(keepingCapacity: true) }
        return prompt
    }

    /// Whether a session is a worker's now.
    package func hears(_ session: SessionID) -> Bool { fleet.index(of: session) != nil }

    /// Takes out the answers to whoever looks.
    ///
    /// While the disk is full nothing is settled; these leave all the same.
    package mutating func takeIndependent() -> [SchedulerOutput] {
        effects.takeIndependent()
    }

    /// Whether a job lives, or ended in a commit that is not on disk yet.
    package func knows(_ number: JobNumber) -> Bool {
        jobs[number] != nil || ended[number] != nil
    }

    // MARK: - What the parts share

    mutating func answer(_ tag: RequestTag, _ answer: SchedulerAnswer) {
        effects.outputs.append(.answer(tag, answer))
    }

    mutating func push(_ session: SessionID, _ push: SchedulerPush) {
        effects.outputs.append(.push(session, push))
    }

    mutating func note(_ note: SchedulerNote) {
        effects.notes.append(note)
    }

    /// Drops what was kept only until its commit was on disk.
    private mutating func forget(upTo number: UInt64) {
        let endedCount = endedNumbers.prefix { $0.commit <= number }.count
        for entry in endedNumbers.prefix(endedCount) { ended[entry.number] = nil }
        endedNumbers.removeFirst(endedCount)
        let keyCount = pendingKeyList.prefix { $0.commit <= number }.count
        for entry in pendingKeyList.prefix(keyCount) { pendingKeys[entry.key] = nil }
        pendingKeyList.removeFirst(keyCount)
    }

    private func currentMetrics() -> SchedulerMetrics {
        var result = metrics
        result.queuesPaused = JobQueue.allCases.filter { ready.isPaused[$0.place] }
        for worker in fleet.workers where !worker.isRemoved {
            if worker.cordon != nil { result.workersCordoned += 1 }
            switch worker.state {
            case .alive: result.workersAlive += 1
            case .suspect: result.workersSuspect += 1
            case .dead: result.workersDead += 1
            }
        }
        return result
    }
}
