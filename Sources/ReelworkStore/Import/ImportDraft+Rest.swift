// SPDX-License-Identifier: Apache-2.0
// Reelwork: a state in which an imported job may rest

import ReelworkCore

extension ImportDraft {
    /// Leaves a state in which an imported job cannot rest, and ends one that can never run.
    mutating func rest(holder: (String) -> JobNumber?) {
        leaveTimedOut()
        putBack()
        guard history.state == .queued || history.state == .retrying else { return }
        if problem == nil { problem = mapping.rules.problem(spec) }
        if problem == nil, let first = holder(spec.output) {
            problem = "job \(first) writes the same output"
        }
        guard let problem else { return }
        let reason = ImportText.cut(
            "It cannot run: \(problem)",
            bytes: Limits.reasonBytesMax
        )
        let before = history.state.name
        // The way from retrying leads over queued.
        guard history.bridge(to: .rejected, at: mapping.now, reason: reason, between: reason) != nil
        else { return }
        isEndedHere = true
        failure = .userError
        error = ImportText.cut(reason, bytes: Limits.stringBytesMax)
        note(.rejected, "\(before) → rejected: \(problem)")
    }

    /// Timed out is never at rest: a retry is left, or it has failed.
    private mutating func leaveTimedOut() {
        guard history.state == .timedOut else { return }
        failure = .timeout
        let at = mapping.now
        if retryCount < retriesMax {
            retryCount += 1
            _ = history.step(
                to: .retrying,
                at: at,
                reason: "Imported: retry \(retryCount) of \(retriesMax) after its timeout",
                isOurs: true
            )
            note(.timedOut, "timed_out → retrying: retry \(retryCount) of \(retriesMax)")
        } else {
            isEndedHere = true
            _ = history.step(
                to: .failed,
                at: at,
                reason: "Imported: its retries were spent when it timed out",
                isOurs: true
            )
            note(.timedOut, "timed_out → failed: its \(retriesMax) retries are spent")
        }
    }

    /// Without a lease nobody holds a job: it waits again, from its beginning.
    private mutating func putBack() {
        guard history.state.isHeld else { return }
        let before = history.state.name
        let node = ImportText.filled(source.nodeID)
        let who =
            switch node {
            case nil: "no node"
            case .some(let id) where mapping.nodes[id] == nil: "a node that was deleted"
            case .some(let id): "node \(ImportText.cut(worker(id), bytes: 80))"
            }
        let reason = "Imported: \(who) held it and no lease came with it; it starts anew"
        let way = history.bridge(to: .queued, at: mapping.now, reason: reason, between: reason)
        guard let way else { return }
        note(
            .requeued,
            ([before] + way.map(\.name)).joined(separator: " → ") + ": held by \(who), no lease"
        )
    }

    // MARK: - The end

    /// The name of a node, or its id where the file has no such node.
    private func worker(_ id: String) -> String {
        let name = mapping.nodes[id] ?? ""
        return name.isEmpty ? id : name
    }

    /// All of it as rows.
    mutating func finished(id: JobID) -> ImportedJob {
        let node = ImportText.filled(source.nodeID)
        if let node, mapping.nodes[node] == nil {
            note(.nodeUnknown, "node \(ImportText.quoted(node)) is not in the file")
        }
        let name = node.map { ImportText.cut(worker($0), bytes: Limits.workerNameBytesMax) } ?? ""
        let state = history.state
        if state == .completed, error != nil || failure != nil {
            note(.errorDropped, "it completed; the error of an earlier run is left out")
            error = nil
            failure = nil
        }
        if history.attempt == 0 { started = nil }
        let attempt = AttemptNumber(history.attempt)
        let row = JobRow(
            number: number,
            machine: JobMachine(
                restoring: state,
                attempt: attempt,
                retryCount: retryCount,
                retriesMax: retriesMax,
                moves: UInt32(clamping: history.entries.count)
            ),
            rank: Rank(submitted: created, queue: queue, priority: priority),
            worker: history.attempt > 0 ? name : "",
            engine: history.attempt > 0 && spec.engine != JobSpec.engineAuto ? spec.engine : "",
            started: started,
            completed: state.isTerminal ? isEndedHere ? mapping.now : ended ?? history.last : nil,
            failure: failure,
            error: error
        )
        return ImportedJob(
            insert: JobInsert(
                number: number,
                id: id,
                key: ImportMapping.key(of: source),
                tenant: spec.tenant ?? "",
                queue: queue,
                priority: priority,
                retriesMax: retriesMax,
                created: created,
                spec: bytes
            ),
            row: row,
            moves: moves(worker: name),
            log: log(attempt),
            lines: lines,
            movesBridged: history.bridged,
            outputLive: state.isTerminal ? nil : spec.output
        )
    }

    /// The history as rows; only who held the last attempt is known.
    private func moves(worker: String) -> [MoveRow] {
        let last = history.entries.count - 1
        return history.entries.enumerated().map { index, entry in
            let isLastRun = entry.attempt > 0 && entry.attempt == history.attempt
            return MoveRow(
                number: number,
                queue: queue,
                sequence: UInt32(clamping: index + 1),
                step: entry.step,
                at: entry.at,
                reason: entry.reason,
                attempt: AttemptNumber(entry.attempt),
                worker: isLastRun ? worker : "",
                actor: entry.isOurs ? ImportHistory.actor : ImportHistory.actorBefore,
                failure: index == last && entry.step.to == .failed ? failure : nil,
                detail: entry.detail
            )
        }
    }

    private mutating func log(_ attempt: AttemptNumber) -> LogRow? {
        guard !source.log.isEmpty else { return nil }
        let tail = [UInt8](source.log.suffix(Limits.logTailBytesMax))
        let whole = max(source.logBytes, Int64(source.log.count))
        if whole > Int64(tail.count) {
            note(.textCut, "logs holds \(whole) bytes; its last \(tail.count) are kept")
        }
        return LogRow(number: number, attempt: attempt, tail: tail)
    }
}
