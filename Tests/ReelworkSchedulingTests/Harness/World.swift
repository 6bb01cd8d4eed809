// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler with a clock, workers and a store that are only values.

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Drives one scheduler: each call is a batch of its own, committed at once.
struct World {
    var scheduler: Scheduler
    var now: Moment
    var model = FoldedModel()
    var pushes: [SessionID: [SchedulerPush]] = [:]
    var notes: [SchedulerNote] = []
    var contents: [JobNumber: Submission.Content] = [:]
    var answers: [UInt32: SchedulerAnswer] = [:]
    /// Assignments sent in each session, and what its credit allows.
    var sent: [SessionID: UInt64] = [:]
    var limits: [SessionID: UInt64] = [:]
    /// Every batch of effects, for comparing two runs.
    var trace: [String] = []
    var isTraced = false
    private var request: UInt32 = 0
    private var sessionLast: UInt64 = 0

    static let ffmpeg = EngineReport(name: "ffmpeg", version: "7", encoders: ["libx264"])
    static let policy = SchedulerPolicy(retry: RetryPolicy(jitter: .none))
    static let start = Moment(
        boot: BootInstant(nanoseconds: 1_000_000_000_000),
        wall: Timestamp(milliseconds: 1_700_000_000_000)
    )

    init(policy: SchedulerPolicy = World.policy, seed: UInt64 = 1) {
        scheduler = Scheduler(policy: policy, random: RandomSource(seed: seed, 2))
        now = World.start
    }

    // MARK: - Batches

    mutating func tag() -> RequestTag {
        request += 1
        return RequestTag(connection: 1, request: request, method: .submitBatch)
    }

    mutating func newSession() -> SessionID {
        sessionLast += 1
        return SessionID(rawValue: sessionLast)
    }

    mutating func settle(isCommitted: Bool = true) {
        let number = scheduler.commit
        let effects = scheduler.settle(now: now)
        if isTraced { trace.append("\(effects)") }
        model.apply(effects.batch)
        notes += effects.notes
        for output in effects.outputs {
            switch output {
            case .answer(let tag, let answer): answers[tag.request] = answer
            case .push(let session, let push):
                pushes[session, default: []].append(push)
                if case .assign(let assignment, let index) = push {
                    take(assignment, index, session)
                }
            }
        }
        if isCommitted { scheduler.handle(.committed(number), now: now) }
    }

    private mutating func take(_ assignment: Assignment, _ index: UInt64, _ session: SessionID) {
        sent[session, default: 0] += 1
        if index != sent[session] { model.faults.append("assignment out of count") }
        if sent[session, default: 0] > limits[session, default: 0] {
            model.faults.append("I10: session \(session.rawValue) got more than its credit")
        }
        guard let row = model.jobs[assignment.number]?.row else { return }
        if row.machine.attempt != assignment.attempt || !row.machine.state.isHeld {
            model.faults.append("I5: \(assignment.number) was sent and is not held")
        }
    }

    /// Lets time pass, stopping at each timer.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let next = scheduler.nextTimer, next <= end.boot {
            now = now.advanced(by: max(.zero, next.since(now.boot)))
            settle()
        }
        now = now.advanced(by: max(.zero, end.boot.since(now.boot)))
        settle()
    }

    mutating func sweep(_ sweep: SchedulerSweep) {
        scheduler.handle(.sweep(sweep), now: now)
        settle()
    }

    // MARK: - Submitters

    static func requirement(_ spec: JobSpec) -> JobRequirement {
        let names = spec.engine == JobSpec.engineAuto ? ["ffmpeg", "gstreamer"] : [spec.engine]
        return JobRequirement(
            candidates: names.map { EngineCandidate(engine: $0, encoders: spec.encoders) },
            needs: spec.needs,
            require: spec.require,
            prefer: spec.prefer
        )
    }

    static func submission(_ spec: JobSpec, key: String) -> Submission {
        Submission(
            key: key,
            bytes: Array("\(spec)".utf8),
            content: .success(
                Submission.Content(spec: spec, requirement: requirement(spec))
            )
        )
    }

    @discardableResult
    mutating func submit(
        _ submissions: [Submission],
        isAtomic: Bool = false,
        isSettled: Bool = true
    ) -> [SubmitResult] {
        let tag = tag()
        scheduler.handle(
            .submit(tag, submissions, isAtomic: isAtomic, actor: "uid:1000"),
            now: now
        )
        settle(isCommitted: isSettled)
        guard case .submitted(let results)? = answers[tag.request] else { return [] }
        for (submission, result) in zip(submissions, results) {
            guard case .success(let content) = submission.content else { continue }
            if result.code == .known(.ok) { contents[result.number] = content }
        }
        return results
    }

    /// Submits one job with an output of its own.
    @discardableResult
    mutating func job(_ change: (inout JobSpec) -> Void = { _ in }) -> JobNumber {
        var spec = JobSpec(engine: "ffmpeg", input: "/in", output: "/out/\(request)")
        change(&spec)
        return submit([World.submission(spec, key: "key-\(request)")]).first?.number ?? JobNumber(0)
    }

    mutating func cancel(_ number: JobNumber) -> ItemResult? {
        let tag = tag()
        let stored = model.jobs[number]?.row?.machine
        scheduler.handle(
            .cancel(
                tag,
                [ResolvedJob(number: number, stored: stored)],
                reason: "no",
                actor: "uid:1"
            ),
            now: now
        )
        settle()
        guard case .results(let results)? = answers[tag.request] else { return nil }
        return results.first
    }

    mutating func recover(
        _ target: RecoveryOrder.Target,
        _ action: RecoveryOrder.Action
    ) -> [RecoveryOutcome] {
        let tag = tag()
        scheduler.handle(
            .recover(
                tag,
                RecoveryOrder(target: target, action: action, reason: "why", actor: "uid:0")
            ),
            now: now
        )
        settle()
        guard case .recovered(let outcomes, _)? = answers[tag.request] else { return [] }
        return outcomes
    }

    // MARK: - Workers

    static func registration(
        _ name: String,
        incarnation: UInt64 = 1,
        slots: UInt64 = 1,
        labels: [Label] = [],
        engines: [EngineReport] = [World.ffmpeg]
    ) -> WorkerRegistration {
        WorkerRegistration(
            name: name,
            incarnation: incarnation,
            capacity: [ResourceAmount(name: "slot", amount: slots)],
            labels: labels,
            engines: engines
        )
    }

    mutating func register(
        _ registration: WorkerRegistration,
        as session: SessionID,
        held: [(JobNumber, UInt32, HeldAttempt.Phase)] = []
    ) -> SchedulerAnswer? {
        let tag = tag()
        scheduler.handle(
            .register(tag, session, registration, held: held.map(resolved)),
            now: now
        )
        settle()
        return answers[tag.request]
    }

    func resolved(_ item: (JobNumber, UInt32, HeldAttempt.Phase)) -> ResolvedHeld {
        let job = model.jobs[item.0]
        return ResolvedHeld(
            held: HeldAttempt(
                id: job?.insert.id ?? JobID(high: 0, low: 0),
                attempt: AttemptNumber(item.1),
                phase: .known(item.2)
            ),
            job: ResolvedJob(number: job == nil ? nil : item.0, stored: job?.row?.machine)
        )
    }

    /// Registers a worker and gives it credit; more than its slots where `credit` says so.
    mutating func worker(
        _ name: String,
        incarnation: UInt64 = 1,
        slots: UInt64 = 1,
        credit: UInt64 = 1_000,
        labels: [Label] = [],
        engines: [EngineReport] = [World.ffmpeg],
        held: [(JobNumber, UInt32, HeldAttempt.Phase)] = []
    ) -> SessionID {
        let session = newSession()
        let registration = World.registration(
            name,
            incarnation: incarnation,
            slots: slots,
            labels: labels,
            engines: engines
        )
        _ = register(registration, as: session, held: held)
        self.credit(session, credit)
        return session
    }

    mutating func credit(_ session: SessionID, _ limit: UInt64, isDraining: Bool? = nil) {
        limits[session] = max(limits[session, default: 0], limit)
        scheduler.handle(
            .credit(session, assignLimit: limit, isDraining: isDraining),
            now: now
        )
        settle()
    }

    @discardableResult
    mutating func report(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        _ content: ReportItem.Content
    ) -> ResultCode? {
        let tag = tag()
        let item = ReportItem(
            number: number,
            attempt: AttemptNumber(attempt),
            at: now.wall,
            content: content
        )
        var ended: [JobNumber: JobMachine] = [:]
        if !scheduler.knows(number) { ended[number] = model.jobs[number]?.row?.machine }
        scheduler.handle(
            .report(tag, session, assignLimit: 0, [item], ended: ended),
            now: now
        )
        settle()
        switch answers[tag.request] {
        case .results(let results): return results.first?.code.value
        case .refused(let code, _, _): return code
        default: return nil
        }
    }

    @discardableResult
    mutating func start(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        limit: Duration? = nil
    ) -> ResultCode? {
        report(session, number, attempt, .started(ReportItem.Start(limit: limit)))
    }

    @discardableResult
    mutating func ready(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        size: UInt64 = 10
    ) -> ResultCode? {
        report(session, number, attempt, .ready(World.film(size)))
    }

    @discardableResult
    mutating func finish(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        adopted: UInt32? = nil
    ) -> ResultCode? {
        report(
            session,
            number,
            attempt,
            .finished(
                World.film(10),
                ReportItem.Finish(adopted: adopted.map { AttemptNumber($0) })
            )
        )
    }

    @discardableResult
    mutating func fail(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        _ failure: FailureClass
    ) -> ResultCode? {
        report(session, number, attempt, .failed(ReportItem.Failure(failure, error: "broken")))
    }

    static func film(_ size: UInt64) -> ReportItem.Film {
        ReportItem.Film(output: "/out", size: size, mediaDuration: .seconds(5), checksum: 7)
    }

    @discardableResult
    mutating func heartbeat(
        _ session: SessionID,
        seen: UInt64,
        open: [(JobNumber, UInt32)] = []
    ) -> SchedulerAnswer? {
        var digest = OpenSetDigest()
        for (number, attempt) in open { digest.toggle(number, AttemptNumber(attempt)) }
        let tag = tag()
        scheduler.handle(
            .heartbeat(
                tag,
                session,
                HeartbeatNote(assignedSeen: seen, open: UInt64(open.count), digest: digest)
            ),
            now: now
        )
        settle()
        return answers[tag.request]
    }

    mutating func progress(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        media: Duration,
        permille: UInt32? = nil
    ) {
        scheduler.handle(
            .progress(
                session,
                [
                    JobProgress(
                        number: number,
                        attempt: AttemptNumber(attempt),
                        media: media,
                        permille: permille
                    )
                ]
            ),
            now: now
        )
        settle()
    }

    mutating func close(_ session: SessionID, isFarewell: Bool = false) {
        scheduler.handle(.closed(session, isFarewell: isFarewell), now: now)
        settle()
    }

    mutating func processGone(_ session: SessionID) {
        scheduler.handle(.processGone(session), now: now)
        settle()
    }

    // MARK: - Looking

    func state(_ number: JobNumber) -> JobState? { model.state(number) }

    func attempt(_ number: JobNumber) -> UInt32? { model.jobs[number]?.attempts }

    func retries(_ number: JobNumber) -> UInt16? { model.jobs[number]?.row?.machine.retryCount }

    func holder(_ number: JobNumber) -> String? { model.jobs[number]?.row?.worker }

    /// The numbers of the jobs sent in a session, in order.
    func assigned(_ session: SessionID) -> [JobNumber] {
        assignments(session).map(\.number)
    }

    func assignments(_ session: SessionID) -> [Assignment] {
        (pushes[session] ?? []).compactMap {
            if case .assign(let assignment, _) = $0 { assignment } else { nil }
        }
    }

    func revoked(_ session: SessionID) -> [(JobNumber, RevokeReason?)] {
        (pushes[session] ?? []).compactMap {
            if case .revoke(let revocation) = $0 {
                (revocation.number, revocation.because.value)
            } else {
                nil
            }
        }
    }

    func inventories(_ session: SessionID) -> Int {
        (pushes[session] ?? []).count { if case .inventory = $0 { true } else { false } }
    }

    func verdicts(_ answer: SchedulerAnswer?) -> [Verdict.Kind?] {
        guard case .registered(_, _, _, let verdicts)? = answer else { return [] }
        return verdicts.map(\.kind.value)
    }

    /// What the harness found wrong.
    var faults: [String] { model.faults }
}
