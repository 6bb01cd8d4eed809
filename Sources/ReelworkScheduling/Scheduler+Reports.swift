// SPDX-License-Identifier: Apache-2.0
// Reelwork: what workers say of their attempts

import ReelworkCore

extension Scheduler {
    mutating func report(
        _ tag: RequestTag,
        _ session: SessionID,
        limit: UInt64,
        _ items: [ReportItem],
        stored: [JobNumber: JobMachine],
        now: Moment
    ) {
        guard let index = fleet.index(of: session) else {
            answer(tag, Scheduler.unknownSession)
            return
        }
        touch(index, now: now)
        if let latest = items.map(\.at).max() { fleet[index].note(at: latest, now: now) }
        var isChanged = raiseLimit(index, limit)
        let results = items.map { item in
            let result = take(item, from: index, stored: stored[item.number], now: now)
            if case .known(.staleAttempt) = result.code { metrics.staleReports += 1 }
            if item.kind.isTerminal {
                let key = OpenAttempt.Key(number: item.number, attempt: item.attempt)
                if fleet[index].remove(key, now: now.boot) { isChanged = true }
            }
            return result
        }
        answer(tag, .results(results))
        if isChanged { workerChanged(index) }
    }

    private mutating func take(
        _ item: ReportItem,
        from index: WorkerIndex,
        stored: JobMachine?,
        now: Moment
    ) -> ItemResult {
        guard var job = jobs[item.number] else {
            return ItemResult(ofEnded: ended[item.number] ?? stored, item)
        }
        guard job.worker == index else {
            return ItemResult(JobRefusal.staleAttempt(current: job.machine.attempt))
        }
        do throws(JobRefusal) {
            switch item.content {
            case .started(let start): try take(start, item, &job, now: now)
            case .ready(let film): return try take(film, item, &job, now: now)
            case .finished(_, let finish): try take(finish, item, &job, from: index, now: now)
            case .failed(let failure): try take(failure, item, &job, from: index, now: now)
            case .released(let reason, let error):
                try take(reason, error, item, &job, now: now)
            }
        } catch {
            return ItemResult(error)
        }
        return ItemResult(.ok, state: job.machine.state)
    }

    private mutating func take(
        _ start: ReportItem.Start,
        _ item: ReportItem,
        _ job: inout LiveJob,
        now: Moment
    ) throws(JobRefusal) {
        guard job.machine.attempt == item.attempt, job.machine.state == .assigned else {
            try advance(&job, .started(item.attempt), Cause(""), now: now)
            return
        }
        let limit = job.timeout ?? start.limit ?? policy.runDefaultMax
        var clamped = max(.seconds(1), min(limit, Limits.horizonMax))
        // The same encode goes on: the submitter's limit counts from where it began.
        if start.isResumed, job.timeout != nil, let end = hardEnds[job.number] {
            clamped = min(clamped, max(.zero, end.since(now.boot)))
        }
        job.started = now.wall
        job.deadline = now.wall.advanced(by: clamped)
        try advance(
            &job,
            start.isResumed ? .resumed(item.attempt) : .started(item.attempt),
            Cause(
                start.isResumed ? "Worker went on with it" : "Worker started execution",
                actor: fleet.actor(job.worker)
            ),
            now: now
        )
        startRun(job, limit: clamped, now: now)
    }

    private mutating func take(
        _ film: ReportItem.Film,
        _ item: ReportItem,
        _ job: inout LiveJob,
        now: Moment
    ) throws(JobRefusal) -> ItemResult {
        let grant = Grant(attempt: item.attempt, size: film.size, checksum: film.checksum)
        if job.machine.attempt == item.attempt, job.machine.state == .running,
            let known = grants[job.number]?.last, known.attempt == item.attempt
        {
            // Asked again after a lost answer. Another film under the same grant is refused: the
            // later attempt would not know which one to look for.
            guard known == grant else {
                return ItemResult(
                    .precondition,
                    detail: "this attempt was granted another film; fail it"
                )
            }
            return ItemResult(.ok, state: job.machine.state)
        }
        try advance(&job, .ready(item.attempt), Cause(""), now: now)
        grants[job.number, default: []].append(grant)
        effects.batch.grants.append(GrantRow(number: job.number, grant: grant, at: now.wall))
        runEncoded(job.number, now: now)
        write(job, now: now)
        return ItemResult(.ok, state: job.machine.state)
    }

    private mutating func take(
        _ finish: ReportItem.Finish,
        _ item: ReportItem,
        _ job: inout LiveJob,
        from index: WorkerIndex,
        now: Moment
    ) throws(JobRefusal) {
        let publication: Publication
        if finish.hasNoFile {
            publication = .noFile
        } else if let earlier = finish.adopted {
            let isGranted = grants[job.number]?.contains { $0.attempt == earlier } ?? false
            guard isGranted else { throw .grantRequired }
            publication = .adopted(earlier)
        } else {
            publication = .own
        }
        if job.started == nil { job.started = now.wall }
        let failedBefore = failedOn[job.number] ?? []
        let steps = try advance(
            &job,
            .finished(item.attempt, publication),
            Cause(
                finish.adopted.map { "Film of attempt \($0) stands verified" }
                    ?? "Worker finished and published",
                actor: fleet.actor(job.worker)
            ),
            now: now
        )
        guard !steps.isEmpty else { return }
        keepLog(finish.logTail, item)
        // A film of an earlier attempt says nothing of who found it.
        if finish.adopted == nil { finished(on: index, failedBefore, job.number, now: now) }
    }

    /// How the reason of a move ends whose worker said that no retry helps, and of no other.
    static let finalMark = ", not to be retried"

    private mutating func take(
        _ failure: ReportItem.Failure,
        _ item: ReportItem,
        _ job: inout LiveJob,
        from index: WorkerIndex,
        now: Moment
    ) throws(JobRefusal) {
        let wasAssigned = job.machine.state == .assigned
        // What the last look for a film in quarantine says is not why the job was given up.
        let quarantine = job.machine.isLookOnly ? quarantineWords(of: job.number) : nil
        let steps = try advance(
            &job,
            .failed(item.attempt, failure.failure, final: failure.isFinal),
            Cause(
                "Failed: \(failure.failure.name)" + (failure.isFinal ? Scheduler.finalMark : ""),
                actor: fleet.actor(job.worker),
                failure: failure.failure,
                detail: quarantine.map { "\($0); \(failure.error)" } ?? failure.error
            ),
            now: now
        )
        guard !steps.isEmpty else { return }
        if wasAssigned { metrics.assignmentFailures += 1 }
        keepLog(failure.logTail, item)
        if !job.machine.state.isTerminal {
            switch failure.failure {
            case .capabilityMismatch: markRefused(job.number, by: index, now: now)
            case .resourceError, .platformError:
                elsewhere[job.number] = index
                markFailed(job.number, on: index, now: now)
            case .runtimeError, .timeout, .networkError:
                markFailed(job.number, on: index, now: now)
            case .userError, .inputError: break
            }
        }
        guard failure.failure.isRetryable, !failure.isFinal else { return }
        followFailure(&job, isCounted: failure.failure.isCounted, now: now)
    }

    private mutating func take(
        _ reason: ReleaseReason,
        _ error: String?,
        _ item: ReportItem,
        _ job: inout LiveJob,
        now: Moment
    ) throws(JobRefusal) {
        let wasAssigned = job.machine.state == .assigned
        let steps = try advance(
            &job,
            .released(item.attempt),
            Cause("Handed back: \(reason.words)", actor: fleet.actor(job.worker), detail: error),
            now: now
        )
        guard !steps.isEmpty else { return }
        if wasAssigned { metrics.assignmentFailures += 1 }
        handBack(&job, now: now)
    }

    private mutating func keepLog(_ tail: [UInt8], _ item: ReportItem) {
        guard !tail.isEmpty else { return }
        effects.batch.logs.append(
            LogRow(number: item.number, attempt: item.attempt, tail: tail)
        )
    }

    mutating func progress(_ session: SessionID, _ notes: [JobProgress], now: Moment) {
        guard let index = fleet.index(of: session) else { return }
        touch(index, now: now)
        for note in notes {
            guard let job = jobs[note.number], job.worker == index,
                job.machine.attempt == note.attempt, var run = runs[note.number]
            else { continue }
            effects.progress.append(ProgressNote(progress: note, queue: job.queue))
            if note.media > run.media {
                run.media = note.media
                run.advanced = now.boot
                runs[note.number] = run
            }
            if note.permille == 1000, !run.isEncoded { runEncoded(note.number, now: now) }
        }
    }
}

extension ItemResult {
    /// The answer to a report on a job that is over: yes to the end that it had, else stale.
    fileprivate init(ofEnded machine: JobMachine?, _ item: ReportItem) {
        guard var machine else {
            self.init(JobRefusal.staleAttempt(current: .none))
            return
        }
        let event: JobEvent =
            switch item.content {
            case .started: .started(item.attempt)
            case .ready: .ready(item.attempt)
            case .finished: .finished(item.attempt, .noFile)
            case .failed(let failure): .failed(item.attempt, failure.failure, final: true)
            case .released: .released(item.attempt)
            }
        do throws(JobRefusal) {
            _ = try machine.handle(event)
            self.init(.ok, state: machine.state)
        } catch {
            self.init(error)
        }
    }
}
