// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs, moves and workers as JSON

import ReelworkClient
import ReelworkCore

extension OpenEnum where Value == JobState {
    /// The name, or the number of a state that this version does not know.
    var name: String { value?.name ?? "unknown(\(rawValue))" }
}

extension OpenEnum where Value == ResultCode {
    /// The name, or the number of a code that this version does not know.
    var name: String { value?.name ?? "unknown(\(rawValue))" }
}

extension JSONValue {
    /// A job.
    static func job(_ job: JobView) -> JSONValue {
        .members([
            "id": .string(job.id.description),
            "number": .count(job.number.rawValue),
            "state": .string(job.state.name),
            "queue": .string(job.queue.value?.name ?? "unknown(\(job.queue.rawValue))"),
            "priority": .string(job.priority.value?.name ?? "unknown(\(job.priority.rawValue))"),
            "tenant": .optional(job.tenant),
            "engine": .filled(job.engine),
            "asked_engine": .optional(job.askedEngine),
            "key": .optional(job.key),
            "attempt": .count(UInt64(job.attempt.rawValue)),
            "retry_count": .count(job.retryCount),
            "max_retries": .count(job.retriesMax),
            "worker": .filled(job.worker),
            "progress": job.progress.map(JSONValue.progress) ?? .null,
            "created_at": .time(job.created),
            "started_at": .time(job.started),
            "completed_at": .time(job.completed),
            "not_before": .time(job.notBefore),
            "deadline": .time(job.deadline),
            "timeout": .seconds(job.timeout),
            "failure_reason": failure(job.failure),
            "error": .optional(job.error),
            "input": .string(job.input),
            "output": .string(job.output),
            "parameters": .object(
                job.parameters.map { Member(name: $0.key, value: .string($0.value)) }
            ),
        ])
    }

    /// How far an encode has come.
    static func progress(_ progress: JobProgress) -> JSONValue {
        .members([
            "percent": progress.permille.map { .number(Double($0) / 10) } ?? .null,
            "media": .seconds(progress.media),
            "speed": progress.speedMilli.map { .number(Double($0) / 1_000) } ?? .null,
            "frames_per_second": progress.framesPerSecondMilli
                .map { .number(Double($0) / 1_000) } ?? .null,
            "bytes": progress.bytes.map(JSONValue.count) ?? .null,
            "remaining": .seconds(progress.remaining),
            "phase": .string(progress.phaseName),
        ])
    }

    /// A move.
    static func move(_ move: Move) -> JSONValue {
        .members([
            "seq": .count(move.sequence),
            "from": .optional(move.from?.name),
            "to": .string(move.to.name),
            "at": .time(move.at),
            "reason": .string(move.reason),
            "attempt": .count(UInt64(move.attempt.rawValue)),
            "worker": .filled(move.worker),
            "actor": .string(move.actor),
        ])
    }

    /// A piece of news of a job that is watched.
    static func news(_ news: JobNews) -> JSONValue? {
        if let view = news.view { return .members(["event": .string("job"), "job": job(view)]) }
        if let step = news.move {
            return .members([
                "event": .string("move"), "number": .count(news.number.rawValue),
                "move": move(step),
            ])
        }
        if let progress = news.progress {
            return .members([
                "event": .string("progress"), "number": .count(news.number.rawValue),
                "attempt": .count(UInt64(progress.attempt.rawValue)),
                "progress": JSONValue.progress(progress),
            ])
        }
        guard news.kind.value == .gap else { return nil }
        return .members(["event": .string("gap"), "number": .count(news.number.rawValue)])
    }

    /// A worker.
    static func worker(_ worker: WorkerView) -> JSONValue {
        .members([
            "name": .string(worker.name),
            "state": .string(worker.stateName),
            "draining": .bool(worker.isDraining),
            "drain_until": .time(worker.drainUntil),
            "cordoned": .optional(worker.cordoned),
            "stopped": .bool(worker.isStopped),
            "jobs": .count(worker.open),
            "capacity": amounts(worker.capacity),
            "used": amounts(worker.used),
            "seen_ago": worker.isUnheard ? .null : .seconds(worker.seenAgo),
            "labels": labels(worker.labels),
            "host": .optional(worker.host),
            "version": .optional(worker.version),
            "registered_at": .time(worker.registered),
            "scratch_free_mib": worker.scratchFreeMebibytes.map(JSONValue.count) ?? .null,
            "clock_offset_ms": worker.clockOffsetMilliseconds.map(JSONValue.integer) ?? .null,
            "engines": .array(worker.engines.map(JSONValue.engine)),
        ])
    }

    /// An engine as a probe found it.
    static func engine(_ report: EngineReport) -> JSONValue {
        .members([
            "name": .string(report.name),
            "version": .filled(report.version),
            "works": .bool(report.problem == nil),
            "encoders": .array(report.encoders.map(JSONValue.string)),
            "problem": .optional(report.problem),
        ])
    }

    /// The answer to a submitted job.
    static func submitted(_ result: SubmitResult) -> JSONValue {
        guard result.code.value?.isSuccess == true else {
            return .members([
                "number": .null, "id": .null, "state": .null, "created": .bool(false),
                "error": .string(result.words),
            ])
        }
        return .members([
            "number": .count(result.number.rawValue),
            "id": .string(result.id.description),
            "state": .optional(result.state?.name),
            "created": .bool(result.code.value == .ok),
        ])
    }

    /// Labels as an object.
    static func labels(_ labels: [Label]) -> JSONValue {
        .object(labels.map { Member(name: $0.name, value: .string($0.value)) })
    }

    private static func amounts(_ amounts: [ResourceAmount]) -> JSONValue {
        .object(amounts.map { Member(name: $0.name, value: .count($0.amount)) })
    }

    private static func failure(_ failure: OpenEnum<FailureClass>?) -> JSONValue {
        guard let failure else { return .null }
        return .string(failure.value?.name ?? "unknown(\(failure.rawValue))")
    }
}

extension WorkerView {
    /// The name of its state.
    var stateName: String { state.value?.name ?? "unknown(\(state.rawValue))" }

    /// Its state in words: a worker that ended of its own will is stopped, not dead.
    var stateWords: String {
        let name = isStopped && state == .known(.dead) ? "stopped" : stateName
        var words = isDraining ? name + ", draining" : name
        if cordoned != nil { words += ", cordoned" }
        // Each job that it is given fails there until somebody makes room.
        if scratchFreeMebibytes == 0, state != .known(.dead) { words += ", scratch full" }
        return words
    }

    /// When it was heard of; a scheduler does not know what one before it has heard.
    var seenWords: String { isUnheard ? "not since start" : "\(seenAgo.words) ago" }

    /// What it has beside slots, and how much of it its jobs use.
    var resourceWords: String {
        capacity.filter { $0.name != ResourceAmount.slotName }.map { resource in
            let used = amount(self.used, resource.name)
            return "\(resource.name) " + (used > 0 ? "\(used)/" : "") + "\(resource.amount)"
        }.joined(separator: "  ")
    }

    /// How far its clock is from the scheduler's; nothing where that is not known.
    ///
    /// Below a second the way of a report is seen, and not the clock.
    var clockWords: String {
        guard let offset = clockOffsetMilliseconds else { return "" }
        let apart = Duration.milliseconds(offset.magnitude > Int64.max ? .max : abs(offset))
        guard apart >= .seconds(1) else { return "that of the scheduler" }
        let words = "\(apart.words) \(offset < 0 ? "behind" : "ahead of") the scheduler's"
        return isClockWrong ? words + "; set it, or its times mislead (jobs are safe)" : words
    }

    /// Its clock is so far off that its times mislead whoever compares them.
    var isClockWrong: Bool {
        clockOffsetMilliseconds.map {
            $0.magnitude > Limits.clockOffsetPlain.wholeMilliseconds.magnitude
        } ?? false
    }

    /// An amount that it has or uses; 0 where it is not named.
    func amount(_ amounts: [ResourceAmount], _ name: String) -> UInt64 {
        amounts.first { $0.name == name }?.amount ?? 0
    }
}

extension SubmitResult {
    /// Why it was refused, in words.
    var words: String {
        if let detail, !detail.isEmpty { return detail }
        return "the scheduler answered \(code.name)"
    }
}
