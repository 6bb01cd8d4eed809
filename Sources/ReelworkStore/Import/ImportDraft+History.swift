// SPDX-License-Identifier: Apache-2.0
// Reelwork: the predecessor's history by our law

import ReelworkCore

extension ImportDraft {
    /// A step as the predecessor recorded it.
    private struct Recorded {
        var from: JobState?
        var to: JobState
        var at: Timestamp?
        var reason: String
    }

    private static let reasonNone = "The predecessor gave no reason"
    private static let reasonStart = "Submitted to the predecessor"

    /// Goes through the recorded steps, and then to the state in which the row stands.
    mutating func readHistory() {
        var recorded = recordedSteps()[...]
        var reason = Self.reasonStart
        // A first record of the job's own beginning is the first move itself.
        if let first = recorded.first, first.to == .queued,
            first.from == nil || first.from == .queued
        {
            recorded.removeFirst()
            if first.reason != Self.reasonNone { reason = first.reason }
        }
        history = ImportHistory(at: created, reason: reason, detail: origin())
        for step in recorded { follow(step) }
        readFailure()
        goToStatus()
    }

    /// What the job was, for its first move: the columns that have no other place.
    private func origin() -> String {
        let parts: [(String, String?)] = [
            ("id", source.id), ("sequence_number", source.sequenceNumber),
            ("scenario", source.scenario), ("confidence", source.confidence),
            ("status", source.status),
        ]
        let known = parts.compactMap { name, text in
            ImportText.filled(text).map { "\(name) \(ImportText.cut($0, bytes: 255))" }
        }
        return "Imported from the predecessor: " + known.joined(separator: ", ")
    }

    private mutating func recordedSteps() -> [Recorded] {
        guard let text = ImportText.filled(source.stateTransitions) else { return [] }
        let items: [ImportJSON]
        switch ImportJSON.read(text) {
        case .list(let list)?: items = list
        case .null?: return []
        case .some, nil:
            note(.jsonUnreadable, "state_transitions is no JSON array; left out")
            return []
        }
        return items.enumerated().compactMap { index, item in recorded(item, index + 1) }
    }

    private mutating func recorded(_ item: ImportJSON, _ place: Int) -> Recorded? {
        let word = item.member("to")?.plain ?? ""
        guard let to = JobState(name: word) else {
            note(
                .stepDropped,
                "step \(place) leads to \(ImportText.quoted(word)), which is no state"
            )
            return nil
        }
        let reason = ImportText.filled(item.member("reason")?.plain) ?? Self.reasonNone
        let time = PredecessorTime(item.member("timestamp")?.plain)
        if time == .unreadable {
            note(.timeReplaced, "the time of step \(place) is unreadable; the one before is taken")
        }
        return Recorded(
            from: (item.member("from")?.plain).flatMap { JobState(name: $0) },
            to: to,
            at: time.timestamp.map { min($0, mapping.now) },
            reason: ImportText.cut(reason, bytes: Limits.reasonBytesMax)
        )
    }

    private mutating func follow(_ step: Recorded) {
        let at = step.at ?? history.last
        if let from = step.from, !from.isTerminal, from != history.state, step.to != history.state {
            go(to: from, at: at, reason: ImportHistory.reasonBridge, isRecorded: false)
        }
        go(to: step.to, at: at, reason: step.reason, isRecorded: true)
    }

    /// Goes to a state: by one recorded step, or over a bridge.
    private mutating func go(
        to target: JobState,
        through waypoints: [JobState] = [],
        at: Timestamp,
        reason: String,
        isRecorded: Bool
    ) {
        guard target != history.state else { return }
        if isRecorded, waypoints.isEmpty, history.step(to: target, at: at, reason: reason) {
            return
        }
        while history.state.isTerminal {
            guard let end = history.takeBackEnd() else { break }
            note(.stepDropped, "\(end) was not its end; the step is left out")
        }
        let before = history.state
        guard target != before else { return }
        if isRecorded, waypoints.isEmpty, history.step(to: target, at: at, reason: reason) {
            return
        }
        let way = history.bridge(
            to: target,
            through: waypoints,
            at: at,
            reason: reason,
            isRecorded: isRecorded
        )
        guard let way else { return }
        // The last step of a recorded one was not put in: the predecessor has made it.
        history.count(bridged: way.count - (isRecorded ? 1 : 0))
        note(.bridged, ([before] + way).map(\.name).joined(separator: " → "))
    }

    // MARK: - Where it stands

    /// Goes to where the row says that the job stands.
    private mutating func goToStatus() {
        let word = ImportText.filled(source.status) ?? ""
        let at = ended ?? max(started ?? history.last, history.last)
        guard let status = JobState(name: word) else {
            return unknownStatus(word, at: at)
        }
        guard status != history.state else { return }
        go(
            to: status,
            through: waypoints(to: status),
            at: at,
            reason: "The predecessor's row says \(ImportText.cut(word, bytes: 80))",
            isRecorded: false
        )
    }

    /// A job whose state nobody knows keeps the one that its history ends in; without a history it
    /// has failed, for running it may do again what was done.
    private mutating func unknownStatus(_ word: String, at: Timestamp) {
        guard history.entries.count == 1 else {
            return note(
                .stateUnknown,
                "status is \(ImportText.quoted(word)); taken as \(history.state.name), where its "
                    + "history ends"
            )
        }
        note(.stateUnknown, "status is \(ImportText.quoted(word)); taken as failed")
        error = error ?? "Its state was not known to the import"
        go(
            to: .failed,
            through: waypoints(to: .failed),
            at: at,
            reason: "Its state was not known to the import",
            isRecorded: false
        )
    }

    /// The states that a bridge to the row's state goes through: what is known to have been.
    private func waypoints(to status: JobState) -> [JobState] {
        let wasHeld = history.state == .assigned || history.state == .running
        guard history.state == .queued || history.state == .retrying || wasHeld,
            history.state != .running
        else { return [] }
        switch status {
        case .completed: return [.running]
        case .failed, .timedOut, .canceled:
            if started != nil { return [.running] }
            if wasHeld || status == .timedOut { return [] }
            if ImportText.filled(source.nodeID) != nil { return [.assigned] }
            return status == .failed && history.state == .queued ? [.retrying] : []
        case .queued, .assigned, .running, .retrying, .rejected: return []
        }
    }

    private mutating func readFailure() {
        if let text = ImportText.filled(source.error) {
            error = cut("error", text, bytes: Limits.stringBytesMax)
        }
        guard let word = ImportText.filled(source.failureReason) else { return }
        let name = String(word.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        if let known = FailureClass.allCases.first(where: { $0.name == name }) {
            failure = known
            return
        }
        failure = name.contains("timeout") || name.contains("timed_out") ? .timeout : .runtimeError
        error = error ?? ImportText.cut(word, bytes: Limits.stringBytesMax)
        note(
            .wordReplaced,
            "failure_reason is \(ImportText.quoted(word)); taken as \(failure?.name ?? "")"
        )
    }
}
