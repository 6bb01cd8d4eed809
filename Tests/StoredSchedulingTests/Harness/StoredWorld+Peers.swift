// SPDX-License-Identifier: Apache-2.0
// Reelwork: who takes part in a test's world

import ReelworkCore
import ReelworkScheduling
import ReelworkStore
import ReelworkWire
import Testing

extension StoredWorld {
    // MARK: - Submitters

    /// Submits a job by its name, which is its key and is in its paths.
    @discardableResult
    mutating func submit(
        _ name: String,
        _ change: (inout JobSpec) -> Void = { _ in }
    ) throws -> SubmitResult {
        try #require(try submit([name], change).first)
    }

    /// Submits jobs in one request.
    @discardableResult
    mutating func submit(
        _ names: [String],
        _ change: (inout JobSpec) -> Void = { _ in }
    ) throws -> [SubmitResult] {
        let known = try store.find(names)
        let submissions = zip(names, known).map { name, existing in
            var spec = JobSpec(engine: "ffmpeg", input: "/in/\(name)", output: "/out/\(name)")
            change(&spec)
            return Submission(
                key: name,
                bytes: spec.encoded,
                content: .success(
                    Submission.Content(spec: spec, requirement: StoredWorld.requirement(spec))
                ),
                existing: existing
            )
        }
        let answer = ask { .submit($0, submissions, isAtomic: false, actor: "uid:1000") }
        guard case .submitted(let results)? = answer else { return [] }
        return results
    }

    mutating func cancel(_ number: JobNumber) throws -> ItemResult? {
        let target = try resolved(number)
        return result(ask { .cancel($0, [target], reason: "no", actor: "uid:1000") })
    }

    mutating func recover(
        _ number: JobNumber,
        _ action: RecoveryOrder.Action
    ) throws -> RecoveryOutcome? {
        let order = RecoveryOrder(
            target: .jobs([try resolved(number)]),
            action: action,
            reason: "by hand",
            actor: "uid:0"
        )
        guard case .recovered(let outcomes, _)? = ask({ .recover($0, order) }) else { return nil }
        return outcomes.first
    }

    func resolved(_ number: JobNumber) throws -> ResolvedJob {
        ResolvedJob(number: number, stored: try store.job(.number(number))?.row.machine)
    }

    private func result(_ answer: SchedulerAnswer?) -> ItemResult? {
        guard case .results(let results)? = answer else { return nil }
        return results.first
    }

    // MARK: - Workers

    /// Registers a worker; it takes as many jobs as it has slots, and again for each that ends.
    @discardableResult
    mutating func worker(
        _ name: String,
        slots: UInt64 = 1,
        incarnation: UInt64 = 1,
        session: SessionID? = nil,
        held: [(JobNumber, UInt32, HeldAttempt.Phase)] = []
    ) throws -> SessionID {
        let session = session ?? newSession()
        try register(name, slots: slots, incarnation: incarnation, session: session, held: held)
        handle(.credit(session, assignLimit: 1_000_000, isDraining: nil))
        return session
    }

    /// Registers a worker that takes nothing yet, and gives what it is told of each that it holds.
    @discardableResult
    mutating func register(
        _ name: String,
        slots: UInt64 = 1,
        incarnation: UInt64 = 1,
        session: SessionID,
        held: [(JobNumber, UInt32, HeldAttempt.Phase)] = []
    ) throws -> [Verdict.Kind?] {
        let registration = WorkerRegistration(
            name: name,
            incarnation: incarnation,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: slots)],
            engines: [EngineReport(name: "ffmpeg", version: "7", encoders: ["libx264"])]
        )
        var all: [ResolvedHeld] = []
        for (number, attempt, phase) in held {
            let stored = try store.job(.number(number))
            let item = HeldAttempt(
                id: stored?.insert.id ?? JobID(high: 0, low: 0),
                attempt: AttemptNumber(attempt),
                phase: .known(phase)
            )
            let job = ResolvedJob(
                number: stored == nil ? nil : number,
                stored: stored?.row.machine
            )
            all.append(ResolvedHeld(held: item, job: job))
        }
        let answer = ask { .register($0, session, registration, held: all) }
        guard case .registered(_, _, _, let verdicts)? = answer else { return [] }
        return verdicts.map(\.kind.value)
    }

    @discardableResult
    mutating func report(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        _ content: ReportItem.Content
    ) throws -> ResultCode? {
        let item = ReportItem(
            number: number,
            attempt: AttemptNumber(attempt),
            at: now.wall,
            content: content
        )
        var ended: [JobNumber: JobMachine] = [:]
        if !scheduler.knows(number) {
            ended[number] = try store.job(.number(number))?.row.machine
        }
        let answer = ask { .report($0, session, assignLimit: 0, [item], ended: ended) }
        if case .refused(let code, _, _)? = answer { return code }
        return result(answer)?.code.value
    }

    @discardableResult
    mutating func start(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        limit: Duration? = nil
    ) throws -> ResultCode? {
        try report(session, number, attempt, .started(ReportItem.Start(limit: limit)))
    }

    @discardableResult
    mutating func fail(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        _ failure: FailureClass = .runtimeError
    ) throws -> ResultCode? {
        try report(session, number, attempt, .failed(ReportItem.Failure(failure, error: "broken")))
    }

    @discardableResult
    mutating func ready(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32
    ) throws -> ResultCode? {
        try report(session, number, attempt, .ready(StoredWorld.film))
    }

    @discardableResult
    mutating func finish(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32
    ) throws -> ResultCode? {
        try report(session, number, attempt, .finished(StoredWorld.film, ReportItem.Finish()))
    }

    /// Takes a job the whole way from its assignment.
    mutating func complete(_ session: SessionID, _ number: JobNumber, _ attempt: UInt32) throws {
        try start(session, number, attempt)
        try ready(session, number, attempt)
        try finish(session, number, attempt)
    }

    static let film = ReportItem.Film(
        output: "/out",
        size: 10,
        mediaDuration: .seconds(5),
        checksum: 7
    )

    mutating func progress(
        _ session: SessionID,
        _ number: JobNumber,
        _ attempt: UInt32,
        media: Duration
    ) {
        let note = JobProgress(number: number, attempt: AttemptNumber(attempt), media: media)
        handle(.progress(session, [note]))
    }

    /// Sends a worker away.
    mutating func set(_ name: String, _ action: WorkerOrder.Action) -> ResultCode? {
        let order = WorkerOrder(name: name, action: action, reason: "gone", actor: "uid:0")
        guard case .worker(let result, _)? = ask({ .setWorker($0, order) }) else { return nil }
        return result.code.value
    }

    // MARK: - What was sent

    /// What was handed out in a session, in order.
    func assignments(_ session: SessionID) -> [Assignment] {
        (pushes[session] ?? []).compactMap {
            if case .assign(let assignment, _) = $0 { assignment } else { nil }
        }
    }

    func assigned(_ session: SessionID) -> [JobNumber] { assignments(session).map(\.number) }

    func revoked(_ session: SessionID) -> [JobNumber] {
        (pushes[session] ?? []).compactMap {
            if case .revoke(let revocation) = $0 { revocation.number } else { nil }
        }
    }

    func state(ofWorker name: String) -> WorkerState? { view(of: name)?.state.value }

    func view(of name: String) -> WorkerView? {
        var copy = scheduler
        let tag = RequestTag(connection: 2, request: 1, method: .workersList)
        copy.handle(.workers(tag, name: name, isLong: false, after: "", limit: 1), now: now)
        guard case .answer(_, .workers(let views, _))? = copy.takeIndependent().last else {
            return nil
        }
        return views.first
    }
}
