// SPDX-License-Identifier: Apache-2.0
// Reelwork: accepting jobs

import ReelworkCore

extension Scheduler {
    mutating func submit(
        _ tag: RequestTag,
        _ submissions: [Submission],
        isAtomic: Bool,
        actor: String,
        now: Moment
    ) {
        if isAtomic, let refusal = firstRefusal(submissions) {
            let results = submissions.indices.map { index in
                index == refusal.index
                    ? refusal.result
                    : SubmitResult(
                        .canceled,
                        detail: "not accepted, because item \(refusal.index) was refused"
                    )
            }
            answer(tag, .submitted(results))
            return
        }
        let cause = Cause("Submitted", actor: actor)
        answer(tag, .submitted(submissions.map { accept($0, cause, now: now) }))
    }

    /// The first item that would be refused, found without changing anything.
    private func firstRefusal(
        _ submissions: [Submission]
    ) -> (index: Int, result: SubmitResult)? {
        var keys: [String: [UInt8]] = [:]
        var paths: Set<OutputDigest> = []
        var count = jobs.count
        for (index, submission) in submissions.enumerated() {
            if let known = knownResult(submission) {
                guard known.code != .known(.okExists) else { continue }
                return (index, known)
            }
            if let bytes = keys[submission.key] {
                guard bytes != submission.bytes else { continue }
                return (index, Scheduler.keyConflict(submission.key, nil))
            }
            keys[submission.key] = submission.bytes
            switch submission.content {
            case .failure(let refusal):
                return (index, SubmitResult(refusal.code, detail: refusal.detail))
            case .success(let content):
                if let refusal = refusal(of: content, liveCount: count) { return (index, refusal) }
                guard paths.insert(OutputDigest(content.spec.output)).inserted else {
                    return (
                        index,
                        SubmitResult(
                            .outputConflict,
                            detail: "another item has the same output"
                        )
                    )
                }
            }
            count += 1
        }
        return nil
    }

    /// Accepts one job, or says why not; `parent` is the job that it runs once more.
    mutating func accept(
        _ submission: Submission,
        retryOf parent: JobNumber? = nil,
        _ cause: Cause,
        now: Moment
    ) -> SubmitResult {
        if let known = knownResult(submission, retryOf: parent) { return known }
        switch submission.content {
        case .failure(let refusal): return SubmitResult(refusal.code, detail: refusal.detail)
        case .success(let content):
            if let refusal = refusal(of: content, liveCount: jobs.count) { return refusal }
            return create(submission, content, retryOf: parent, cause, now: now)
        }
    }

    /// The answer to a key that is known already; nil for a new one.
    ///
    /// A submitted job is the same where its spec is; a retry where its parent is, too.
    private func knownResult(
        _ submission: Submission,
        retryOf parent: JobNumber? = nil
    ) -> SubmitResult? {
        let number: JobNumber
        let id: JobID
        let isSame: Bool
        var stored: JobState?
        if let pending = pendingKeys[submission.key] {
            (number, id) = (pending.number, pending.id)
            isSame =
                pending.bytes == submission.bytes
                && (parent == nil || pending.retryOf == parent)
        } else if let existing = submission.existing {
            (number, id) = (existing.number, existing.id)
            isSame =
                existing.spec == submission.bytes
                && (parent == nil || existing.retryOf == parent)
            stored = existing.state
        } else {
            return nil
        }
        guard isSame else { return Scheduler.keyConflict(submission.key, number) }
        let state = jobs[number]?.machine.state ?? ended[number]?.state ?? stored
        return SubmitResult(.okExists, id: id, number: number, state: state)
    }

    private static func keyConflict(_ key: String, _ number: JobNumber?) -> SubmitResult {
        let holder = number.map { "job \($0)" } ?? "another item"
        return SubmitResult(
            .keyConflict,
            number: number ?? JobNumber(0),
            detail: "\(holder) has this key with another job; choose another key"
        )
    }

    private func refusal(of content: Submission.Content, liveCount: Int) -> SubmitResult? {
        guard liveCount < policy.jobsLiveMax else {
            return SubmitResult(
                .queueFull,
                detail:
                    "the queue holds \(liveCount) of \(policy.jobsLiveMax) jobs; submit again later"
            )
        }
        guard let first = outputs[OutputDigest(content.spec.output)] else { return nil }
        return SubmitResult(
            .outputConflict,
            number: first,
            detail: "job \(first) writes the same output; wait for it or cancel it"
        )
    }

    private mutating func create(
        _ submission: Submission,
        _ content: Submission.Content,
        retryOf parent: JobNumber?,
        _ cause: Cause,
        now: Moment
    ) -> SubmitResult {
        let spec = content.spec
        let number = nextNumber
        nextNumber = JobNumber(number.rawValue + 1)
        let id = JobID(at: now.wall, random: (random.next(), random.next()))
        let queue = spec.queue ?? .standard
        let priority = spec.priority ?? .medium
        let tenantName = spec.tenant ?? ""
        let retries = UInt16(clamping: spec.retries ?? UInt64(policy.retry.retriesDefault))
        let (machine, steps) = JobMachine.submitted(retriesMax: retries)
        var job = LiveJob(
            number: number,
            id: id,
            machine: machine,
            rank: Rank(submitted: now.wall, queue: queue, priority: priority),
            queue: queue,
            accepted: now.boot,
            requirement: ready.use(content.requirement),
            tenant: ready.use(tenant: tenantName, policy),
            isStream: content.isStream,
            output: OutputDigest(spec.output),
            notBefore: spec.notBefore,
            timeout: spec.timeout
        )
        effects.batch.inserts.append(
            JobInsert(
                number: number,
                id: id,
                key: submission.key,
                tenant: tenantName,
                queue: queue,
                priority: priority,
                retriesMax: retries,
                created: now.wall,
                retryOf: parent,
                spec: submission.bytes
            )
        )
        pendingKeys[submission.key] = PendingKey(
            number: number,
            id: id,
            bytes: submission.bytes,
            retryOf: parent
        )
        pendingKeyList.append((commit, submission.key))
        outputs[job.output] = number
        metrics.submitted += 1
        begin(&job, steps, cause, now: now)
        return SubmitResult(.ok, id: id, number: number, state: .queued)
    }

    /// Records the first move of a job and puts it into its line, or into its wait.
    private mutating func begin(
        _ job: inout LiveJob,
        _ steps: JobSteps,
        _ cause: Cause,
        now: Moment
    ) {
        for step in steps {
            metrics.count(step)
            effects.batch.moves.append(
                MoveRow(
                    number: job.number,
                    queue: job.queue,
                    sequence: job.machine.moves,
                    step: step,
                    at: now.wall,
                    reason: cause.reason,
                    attempt: .none,
                    actor: cause.actor
                )
            )
        }
        if let notBefore = job.notBefore, notBefore > now.wall {
            wait(job.number, until: now.boot.advanced(by: notBefore.since(now.wall)))
        } else {
            job.notBefore = nil
            enqueue(&job)
        }
        write(job, now: now)
    }
}
