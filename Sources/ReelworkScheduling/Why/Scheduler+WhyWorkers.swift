// SPDX-License-Identifier: Apache-2.0
// Reelwork: what workers lack for a job

import ReelworkCore

extension Scheduler {
    /// Looks at the workers for a job: first what each lacks, then in words what is told.
    func lookAtWorkers(for job: LiveJob) -> WorkersSeen {
        let known = fleet.indices(after: "")
        var seen = WorkersSeen()
        seen.isPartial = known.count > Limits.whyWorkersSeenMax
        guard !known.isEmpty else {
            seen.reasons = [
                JobExplanation.Reason(
                    .noWorker,
                    "no worker has registered; start one with `reelwork worker`"
                )
            ]
            return seen
        }
        let refused = refusedBy[job.number] ?? []
        var found: [WhyCode: [WorkerIndex]] = [:]
        for index in known.prefix(Limits.whyWorkersSeenMax) {
            found[lack(of: index, for: job, refused), default: []].append(index)
        }
        let codes = WhyCode.allCases.filter(\.isOfWorker)
        seen.isAnyAble = codes.contains { $0.isOfAble && found[$0] != nil }
        seen.freeName = (found[.free] ?? found[.lostThere])?.first.map { fleet.name($0) }
        seen.isAnyFree = seen.freeName != nil
        for code in codes {
            guard let workers = found[code] else { continue }
            if !seen.isAnyFree { seen.reasons.append(reason(code, workers, for: job)) }
            for index in workers.prefix(Limits.whyWorkersMax - seen.workers.count) {
                seen.workers.append(
                    JobExplanation.Considered(
                        name: fleet.name(index),
                        code: code,
                        text: words(code, index, for: job)
                    )
                )
            }
        }
        seen.isCut = known.count > seen.workers.count
        let leases = (found[.suspect] ?? []).map { fleet[$0].leaseEnd }
        let drains = (found[.draining] ?? []).compactMap { fleet[$0].drainEnd }
        seen.changeAt = (leases + drains).min()
        return seen
    }

    /// What keeps a worker from a job; first what no time can change.
    private func lack(
        of index: WorkerIndex,
        for job: LiveJob,
        _ refused: [WorkerIndex]
    ) -> WhyCode {
        let worker = fleet[index]
        let requirement = ready[job.requirement].requirement
        if refused.contains(index) { return .refused }
        if ready[job.requirement].engine(on: worker) == nil {
            return Scheduler.lackForGood(worker, requirement)
        }
        if worker.state == .dead { return worker.isStopped ? .stopped : .dead }
        if worker.state == .suspect { return .suspect }
        if worker.cordon != nil { return .cordoned }
        if !worker.isOfUse { return .draining }
        if worker.isPaused || worker.session?.hasCredit != true {
            // Its credit follows its slots, so one without is mostly full.
            return ready[job.requirement].shortage(on: worker, from: .free) == nil
                ? .noCredit : .busy
        }
        guard ready.fit(for: job.requirement, on: worker) != nil else { return .busy }
        return elsewhere[job.number] == index ? .lostThere : .free
    }

    private static func lackForGood(_ worker: Worker, _ requirement: JobRequirement) -> WhyCode {
        let held = worker.registration
        if requirement.engine(among: held.engines) == nil {
            let names = requirement.candidates.map(\.engine)
            let found = held.engines.filter { names.contains($0.name) }
            guard !found.isEmpty else { return .noEngine }
            return found.allSatisfy { $0.problem != nil } ? .engineBroken : .noEncoder
        }
        let isLabelled = requirement.require.allSatisfy { held.labels.contains($0) }
        return isLabelled ? .tooSmall : .missingLabel
    }

    // MARK: - Words

    /// What some workers lack: of the first in full, of the next their names.
    private func reason(
        _ code: WhyCode,
        _ workers: [WorkerIndex],
        for job: LiveJob
    ) -> JobExplanation.Reason {
        var text = "\(fleet.name(workers[0])) \(words(code, workers[0], for: job))"
        if workers.count > 1 {
            text =
                "\(JobExplanation.cut(text)); likewise "
                + Scheduler.few(workers.dropFirst()) { fleet.name($0) }
        }
        return JobExplanation.Reason(code, text, count: workers.count)
    }

    /// Things of a list that a reason names.
    private static let namesMax = 4

    /// What a worker lacks, as a sentence whose subject it is.
    private func words(_ code: WhyCode, _ index: WorkerIndex, for job: LiveJob) -> String {
        let worker = fleet[index]
        let name = fleet.name(index)
        let requirement = ready[job.requirement].requirement
        switch code {
        case .free: return "is free"
        case .lostThere: return "is free and lost this job before: others come first"
        case .busy:
            guard let short = ready[job.requirement].shortage(on: worker, from: .free) else {
                return "is full: it has \(worker.open.count) jobs"
            }
            return "is full (\(short.need.name): \(short.taken) of \(short.whole) used; the job "
                + "needs \(short.need.amount))"
        case .noCredit:
            return worker.isPaused ? "reads too slowly to be given more" : "takes no more now"
        case .suspect: return "is not connected; its lease still runs"
        case .draining:
            return worker.isToldToDrain
                ? "is draining; `reelwork workers resume \(name)` gives it work again"
                : "was told to stop, and takes no more"
        case .cordoned:
            return "gets no work (\(worker.cordon?.reason ?? "cordoned")); "
                + "`reelwork workers resume \(name)` gives it work again"
        case .stopped: return "was stopped"
        case .dead: return worker.isUnheard ? "has not come back since the start" : "is dead"
        case .refused: return "said that it cannot run this job"
        case .tooSmall:
            guard let short = ready[job.requirement].shortage(on: worker, from: .whole) else {
                return "is too small"
            }
            return "is too small: it has \(short.whole) \(short.need.name), the job needs "
                + "\(short.need.amount)"
        case .missingLabel:
            let lacks = requirement.require.filter { !worker.registration.labels.contains($0) }
            return "lacks the label "
                + Scheduler.few(lacks) { "\($0.name)=\($0.value)" }
        case .noEncoder: return Scheduler.encoderWords(worker, requirement)
        case .engineBroken:
            let names = requirement.candidates.map(\.engine)
            let broken = worker.registration.engines.first { names.contains($0.name) }
            return "cannot use \(broken?.name ?? "it"): \(broken?.problem ?? "")"
        case .noEngine:
            return "has no " + Scheduler.few(requirement.candidates, " or ", \.engine)
        // Not of a worker.
        case .notBefore, .backoff, .pausedQueue, .tenantCap, .tenantTurn, .noWorker, .unfitGrace,
            .lookOnly, .failedBefore, .assigned, .running, .encoding, .verifying, .publishing,
            .deadline, .extended, .stalledSoon, .ending, .failed, .notRetriable, .retriesSpent,
            .quarantined, .forced, .userCanceled, .rejected, .completed:
            return code.rawValue
        }
    }

    private static func encoderWords(_ worker: Worker, _ requirement: JobRequirement) -> String {
        for candidate in requirement.candidates {
            let report = worker.registration.engines.first {
                $0.name == candidate.engine && $0.problem == nil
            }
            guard let report else { continue }
            let lacks = candidate.encoders.filter { !report.encoders.contains($0) }
            return "has no \(few(lacks) { $0 }) for \(candidate.engine)"
        }
        return "lacks an encoder"
    }

    /// The first of a list in words: a list of thousands is not formatted to be cut.
    private static func few<Items: RandomAccessCollection>(
        _ items: Items,
        _ separator: String = ", ",
        _ word: (Items.Element) -> String
    ) -> String {
        let more = items.count - namesMax
        return items.prefix(namesMax).map(word).joined(separator: separator)
            + (more > 0 ? " and \(more) more" : "")
    }
}
