// SPDX-License-Identifier: Apache-2.0
// Reelwork: what one job may do

/// What one job may do: the law that every write path obeys.
///
/// Invariants:
/// - `state` changes only in `step(to:)`, which refuses what the table of ``JobState`` lacks.
/// - `attempt` rises by one with each step to assigned and nowhere else.
/// - `timedOut` is never the state between two events.
/// - `moves` is the number of steps ever made: the sequence number of the last move in history.
///
/// Events that repeat what has happened already change nothing and return no steps.
public struct JobMachine: Hashable, Sendable {
    /// Where the job stands.
    public private(set) var state: JobState
    /// The fencing token of its last assignment.
    public private(set) var attempt: AttemptNumber
    /// Failures, timeouts and lost workers so far; never above `retriesMax`.
    public private(set) var retryCount: UInt16
    /// How often it may be tried again.
    public let retriesMax: UInt16
    /// The steps made so far.
    public private(set) var moves: UInt32
    /// The last attempt that was granted the publish; none where there was no grant.
    public private(set) var granted: AttemptNumber
    /// A grant was given and no later attempt has looked whether its film stands.
    public private(set) var isGrantOpen: Bool
    /// Nothing is encoded any more, for the retries are spent or the job is in quarantine: the next
    /// attempt may only look at what an earlier grant left.
    public private(set) var isLookOnly: Bool

    /// A new job, not yet in the table: its first step, to queued, is returned beside it.
    public static func submitted(retriesMax: UInt16) -> (JobMachine, JobSteps) {
        var machine = JobMachine(restoring: .queued, retriesMax: retriesMax)
        var steps = JobSteps()
        steps.append(JobStep(from: nil, to: .queued))
        machine.moves = 1
        return (machine, steps)
    }

    /// Rebuilds a machine from what the store holds.
    public init(
        restoring state: JobState,
        attempt: AttemptNumber = .none,
        retryCount: UInt16 = 0,
        retriesMax: UInt16,
        moves: UInt32 = 0,
        granted: AttemptNumber = .none,
        isGrantOpen: Bool = false,
        isLookOnly: Bool = false
    ) {
        self.state = state
        self.attempt = attempt
        self.retryCount = retryCount
        self.retriesMax = retriesMax
        self.moves = moves
        self.granted = granted
        self.isGrantOpen = isGrantOpen
        self.isLookOnly = isLookOnly
    }

    /// Applies an event: returns the steps it made, none where it repeats the past.
    public mutating func handle(_ event: JobEvent) throws(JobRefusal) -> JobSteps {
        switch event {
        case .assigned: return try assign()
        case .started(let attempt): return try start(attempt, hasLooked: true)
        case .resumed(let attempt): return try start(attempt, hasLooked: false)
        case .ready(let attempt): return try grant(attempt)
        case .finished(let attempt, let publication):
            return try finish(attempt, publication)
        case .failed(let attempt, let failure, let final):
            return try fail(attempt, failure, final: final)
        case .released(let attempt): return try release(attempt)
        case .timedOut: return try timeOut()
        case .workerLost: return try lose(counted: true)
        case .assignmentLost: return try lose(counted: false)
        case .backoffElapsed: return try resume()
        case .adopted(let attempt): return try adopt(attempt)
        case .canceled: return try cancel()
        case .rejected: return try reject()
        case .requeued: return try requeue()
        case .hastened: return try hasten()
        case .failedByForce: return try failByForce()
        case .quarantined: return try quarantine()
        }
    }

    // MARK: - One function for each event; a switch over all states in each

    private mutating func assign() throws(JobRefusal) -> JobSteps {
        switch state {
        case .queued: return try step(through: .assigned)
        case .assigned, .running, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .illegalMove(from: state, to: .assigned)
        }
    }

    private mutating func start(
        _ reported: AttemptNumber,
        hasLooked: Bool
    ) throws(JobRefusal) -> JobSteps {
        try requireHeld(by: reported)
        switch state {
        case .assigned:
            let steps = try step(through: .running)
            if hasLooked { isGrantOpen = false }
            return steps
        case .running: return .none
        case .queued, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .staleAttempt(current: attempt)
        }
    }

    private mutating func grant(_ reported: AttemptNumber) throws(JobRefusal) -> JobSteps {
        try requireHeld(by: reported)
        switch state {
        case .running:
            granted = attempt
            isGrantOpen = true
            return .none
        case .assigned: throw .illegalMove(from: .assigned, to: .completed)
        case .queued, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .staleAttempt(current: attempt)
        }
    }

    private mutating func finish(
        _ reported: AttemptNumber,
        _ publication: Publication
    ) throws(JobRefusal) -> JobSteps {
        if state == .completed, reported == attempt { return .none }
        try requireHeld(by: reported)
        guard isGranted(publication) else { throw .grantRequired }
        let steps: JobSteps
        switch state {
        case .assigned: steps = try step(through: .running, .completed)
        case .running: steps = try step(through: .completed)
        case .queued, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .staleAttempt(current: attempt)
        }
        isGrantOpen = false
        return steps
    }

    private mutating func fail(
        _ reported: AttemptNumber,
        _ failure: FailureClass,
        final: Bool
    ) throws(JobRefusal) -> JobSteps {
        if isPast(reported), state != .completed { return .none }
        try requireHeld(by: reported)
        switch state {
        case .assigned, .running:
            guard failure.isRetryable, !final else { return try step(through: .failed) }
            guard failure.isCounted || isLookOnly else { return try step(through: .retrying) }
            // A granted attempt that failed by no fault of the film may have moved it all the same.
            return try retryOrFail(looking: failure == .platformError && !isLookOnly)
        case .queued, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .staleAttempt(current: attempt)
        }
    }

    private mutating func release(_ reported: AttemptNumber) throws(JobRefusal) -> JobSteps {
        if isPast(reported) { return .none }
        try requireHeld(by: reported)
        switch state {
        case .assigned, .running: return try step(through: .retrying)
        case .queued, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .staleAttempt(current: attempt)
        }
    }

    private mutating func timeOut() throws(JobRefusal) -> JobSteps {
        switch state {
        case .assigned, .running:
            var steps = try step(through: .timedOut)
            for next in try retryOrFail(looking: true) { steps.append(next) }
            return steps
        case .queued, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .illegalMove(from: state, to: .timedOut)
        }
    }

    private mutating func lose(counted: Bool) throws(JobRefusal) -> JobSteps {
        switch state {
        case .assigned, .running:
            return counted ? try retryOrFail(looking: true) : try step(through: .retrying)
        case .queued, .retrying: return .none
        case .completed, .failed, .timedOut, .canceled, .rejected:
            throw .illegalMove(from: state, to: .retrying)
        }
    }

    private mutating func resume() throws(JobRefusal) -> JobSteps {
        switch state {
        case .retrying: return try step(through: .queued)
        case .queued: return .none
        case .assigned, .running, .completed, .failed, .timedOut, .canceled, .rejected:
            throw .illegalMove(from: state, to: .queued)
        }
    }

    private mutating func adopt(_ reported: AttemptNumber) throws(JobRefusal) -> JobSteps {
        guard reported == attempt, attempt != .none else { throw .staleAttempt(current: attempt) }
        switch state {
        case .retrying: return try step(through: .queued, .assigned)
        case .queued: return try step(through: .assigned)
        case .assigned, .running, .completed, .failed, .timedOut, .canceled, .rejected:
            throw .staleAttempt(current: attempt)
        }
    }

    private mutating func cancel() throws(JobRefusal) -> JobSteps {
        switch state {
        case .queued, .assigned, .running, .retrying:
            guard !isGrantOpen else { throw .publishing }
            return try step(through: .canceled)
        case .canceled: return .none
        case .completed, .failed, .timedOut, .rejected:
            throw .illegalMove(from: state, to: .canceled)
        }
    }

    private mutating func reject() throws(JobRefusal) -> JobSteps {
        switch state {
        case .queued:
            guard !isGrantOpen else { throw .publishing }
            return try step(through: .rejected)
        case .rejected: return .none
        case .assigned, .running, .completed, .failed, .timedOut, .retrying, .canceled:
            throw .illegalMove(from: state, to: .rejected)
        }
    }

    private mutating func requeue() throws(JobRefusal) -> JobSteps {
        switch state {
        case .assigned, .running: return try step(through: .retrying, .queued)
        case .retrying: return try step(through: .queued)
        case .queued: return .none
        case .completed, .failed, .timedOut, .canceled, .rejected:
            throw .illegalMove(from: state, to: .queued)
        }
    }

    private mutating func hasten() throws(JobRefusal) -> JobSteps {
        switch state {
        case .queued: return try step(through: .retrying, .queued)
        case .assigned, .running, .completed, .failed, .timedOut, .retrying, .canceled, .rejected:
            throw .illegalMove(from: state, to: .queued)
        }
    }

    private mutating func failByForce() throws(JobRefusal) -> JobSteps {
        if isGrantOpen, !state.isTerminal { throw .publishing }
        switch state {
        case .queued: return try step(through: .retrying, .failed)
        case .assigned, .running, .retrying: return try step(through: .failed)
        case .failed: return .none
        case .completed, .timedOut, .canceled, .rejected:
            throw .illegalMove(from: state, to: .failed)
        }
    }

    private mutating func quarantine() throws(JobRefusal) -> JobSteps {
        switch state {
        case .assigned, .running:
            guard isGrantOpen else { return try step(through: .failed) }
            if retryCount < retriesMax { retryCount += 1 }
            isLookOnly = true
            return try step(through: .retrying)
        case .queued, .retrying:
            guard isGrantOpen else {
                return state == .queued
                    ? try step(through: .retrying, .failed) : try step(through: .failed)
            }
            // What waits already is looked for when it is handed out next, and not encoded again.
            isLookOnly = true
            return .none
        case .failed: return .none
        case .completed, .timedOut, .canceled, .rejected:
            throw .illegalMove(from: state, to: .failed)
        }
    }

    // MARK: - What the rows share

    /// Whether the film may stand at the output.
    ///
    /// The caller has checked that an adopted attempt is one of the job's recorded grants; here it
    /// cannot be newer than the last of them.
    private func isGranted(_ publication: Publication) -> Bool {
        switch publication {
        case .own: granted == attempt
        case .adopted(let earlier): earlier != .none && earlier <= granted
        case .noFile: true
        }
    }

    /// A report counts only if its attempt is the current one and the job is assigned or running.
    private func requireHeld(by reported: AttemptNumber) throws(JobRefusal) {
        guard reported == attempt, state.isHeld else { throw .staleAttempt(current: attempt) }
    }

    /// Whether the report repeats the end of the current attempt; 0 is no attempt and never ended.
    private func isPast(_ reported: AttemptNumber) -> Bool {
        !state.isHeld && reported == attempt && attempt != .none
    }

    /// Counts a failure and goes to retrying, or to failed where the retries are spent.
    ///
    /// A lost attempt that may have published (`looking`) gets one more attempt, which only looks.
    private mutating func retryOrFail(looking: Bool = false) throws(JobRefusal) -> JobSteps {
        if retryCount < retriesMax, !isLookOnly {
            retryCount += 1
            return try step(through: .retrying)
        }
        guard looking, isGrantOpen else { return try step(through: .failed) }
        isLookOnly = true
        return try step(through: .retrying)
    }

    private mutating func step(
        through targets: JobState...
    ) throws(JobRefusal) -> JobSteps {
        var steps = JobSteps()
        for target in targets { steps.append(try step(to: target)) }
        return steps
    }

    /// The one place where a state changes.
    private mutating func step(to target: JobState) throws(JobRefusal) -> JobStep {
        // The counters cannot run out in a job's life; a damaged row must not trap.
        guard state.canMove(to: target), moves < .max, attempt.rawValue < .max else {
            throw .illegalMove(from: state, to: target)
        }
        let step = JobStep(from: state, to: target)
        state = target
        moves += 1
        if target == .assigned { attempt = AttemptNumber(attempt.rawValue + 1) }
        return step
    }
}
