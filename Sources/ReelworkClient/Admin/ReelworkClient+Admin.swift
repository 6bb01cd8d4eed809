// SPDX-License-Identifier: Apache-2.0
// Reelwork: what administrators ask.

public import ReelworkCore
internal import ReelworkWire

extension ReelworkClient {
    /// The scheduler's numbers whose names begin with `prefix`, and when they were read.
    public func metrics(
        prefix: String = ""
    ) async throws(ReelworkError) -> (at: Timestamp, samples: [MetricSample]) {
        let answer = try await perform(Metrics.self, .init(prefix: prefix), isSafe: true)
        let samples = answer.samples.map {
            MetricSample(name: $0.name, labels: $0.labels, value: $0.value)
        }
        return (answer.at, samples)
    }

    /// How the scheduler's loops run.
    public func loops() async throws(ReelworkError) -> [LoopStatus] {
        try await perform(Loops.self, EmptyRequest(), isSafe: true).loops.map { loop in
            LoopStatus(
                name: loop.name,
                isRunning: loop.isRunning,
                interval: loop.interval,
                runs: loop.runs,
                errors: loop.errors,
                lastAt: loop.runs == 0 ? nil : loop.lastAt,
                lastTook: .microseconds(Int64(clamping: loop.lastMicroseconds)),
                lastError: loop.lastError
            )
        }
    }

    /// Starts, stops or runs one of the scheduler's loops.
    ///
    /// What is so already is OK, so it may be asked again; a run more does no harm.
    public func setLoop(
        _ name: String,
        _ action: LoopAction,
        reason: String
    ) async throws(ReelworkError) -> ItemResult {
        let request = LoopSet.Request(name: name, action: action.wire, reason: reason)
        let results = try await perform(LoopSet.self, request, isSafe: true).results
        guard let result = results.first, results.count == 1 else { throw .answerOfOthers }
        return result
    }

    /// Checks the store; `isDeep` folds every job's history.
    public func check(isDeep: Bool = true) async throws(ReelworkError) -> [CheckFinding] {
        try await perform(Check.self, .init(isDeep: isDeep), isSafe: true).checks.map { check in
            CheckFinding(
                name: check.name,
                isOK: check.isOK,
                examined: check.examined,
                bad: check.bad,
                detail: check.detail,
                examples: check.examples,
                warning: check.warning
            )
        }
    }

    /// Forces jobs out of dead hands; the reason goes into their history and may not be empty.
    ///
    /// Many orphans take several requests; one that breaks leaves the rest as they were.
    public func recover(
        _ target: RecoverTarget,
        _ action: RecoverAction = .recover,
        reason: String
    ) async throws(ReelworkError) -> [RecoveredJob] {
        var request = Recover.Request(
            target: .allOrphans,
            refs: [],
            worker: "",
            action: action.wire,
            reason: reason
        )
        switch target {
        case .allOrphans: break
        case .jobs(let refs):
            request.target = .jobs
            request.refs = refs
        case .worker(let name):
            request.target = .worker
            request.worker = name
        }
        var jobs: [RecoveredJob] = []
        while true {
            let answer = try await perform(Recover.self, request, isSafe: false)
            jobs += answer.items.map {
                RecoveredJob(
                    number: $0.number,
                    from: $0.from,
                    to: $0.to,
                    code: $0.code,
                    detail: $0.detail
                )
            }
            if !answer.hasMore || answer.items.isEmpty { return jobs }
        }
    }
}

extension RecoverAction {
    fileprivate var wire: Recover.Action {
        switch self {
        case .recover: .recover
        case .requeue: .requeue
        case .fail: .fail
        }
    }
}

extension LoopAction {
    fileprivate var wire: LoopSet.Action {
        switch self {
        case .start: .start
        case .stop: .stop
        case .run: .run
        }
    }
}
