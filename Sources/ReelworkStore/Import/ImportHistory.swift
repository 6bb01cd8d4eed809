// SPDX-License-Identifier: Apache-2.0
// Reelwork: a legal history out of the predecessor's

import ReelworkCore

/// A legal history that grows step by step, with bridges where the predecessor's had gaps.
///
/// Invariants: the first step is null to queued; every other is in the table of ``JobState``; the
/// attempt rises by one with each step to assigned and nowhere else.
struct ImportHistory {
    /// One step of it.
    struct Entry: Hashable {
        var step: JobStep
        var at: Timestamp
        var reason: String
        var attempt: UInt32
        var isOurs: Bool
        var detail: String?
    }

    /// Who made the moves that the predecessor recorded.
    static let actorBefore = "predecessor"
    /// Who made the moves that the import adds.
    static let actor = "import"

    private(set) var entries: [Entry]
    private(set) var bridged: UInt64 = 0

    /// Begins with null to queued.
    init(at: Timestamp, reason: String, detail: String) {
        entries = [
            Entry(
                step: JobStep(from: nil, to: .queued),
                at: at,
                reason: reason,
                attempt: 0,
                isOurs: false,
                detail: detail
            )
        ]
    }

    /// Where the job stands.
    var state: JobState { entries.last?.step.to ?? .queued }
    /// The attempt of its last assignment.
    var attempt: UInt32 { entries.last?.attempt ?? 0 }
    /// When it made its last step.
    var last: Timestamp { entries.last?.at ?? Timestamp(milliseconds: 0) }

    /// Makes a step of the table; false where the table has none.
    mutating func step(
        to target: JobState,
        at: Timestamp,
        reason: String,
        isOurs: Bool = false,
        detail: String? = nil
    ) -> Bool {
        guard state.canMove(to: target), entries.count < UInt32.max, attempt < .max else {
            return false
        }
        entries.append(
            Entry(
                step: JobStep(from: state, to: target),
                at: at,
                reason: reason,
                attempt: target == .assigned ? attempt + 1 : attempt,
                isOurs: isOurs,
                detail: detail
            )
        )
        return true
    }

    /// Takes back a terminal step that was not the end; what it was, in words.
    mutating func takeBackEnd() -> String? {
        guard state.isTerminal, entries.count > 1, let end = entries.popLast() else { return nil }
        return "\(end.step.to.name) at \(end.at.text)"
    }

    /// Goes to a state by the shortest legal way through `waypoints`; the states gone through, or
    /// nil where there is no way.
    ///
    /// The last step bears `reason`, those before it `between`; it is the import's own too unless
    /// the predecessor recorded it.
    mutating func bridge(
        to target: JobState,
        through waypoints: [JobState] = [],
        at: Timestamp,
        reason: String,
        between: String = ImportHistory.reasonBridge,
        isRecorded: Bool = false
    ) -> [JobState]? {
        var way: [JobState] = []
        for goal in waypoints + [target] {
            guard let part = ImportHistory.way(from: way.last ?? state, to: goal) else {
                return nil
            }
            way += part
        }
        for (index, next) in way.enumerated() {
            let isEnd = index == way.count - 1
            let isMade = step(
                to: next,
                at: at,
                reason: isEnd ? reason : between,
                isOurs: !(isEnd && isRecorded)
            )
            guard isMade else { return nil }
        }
        return way
    }

    /// Counts moves that were put in.
    mutating func count(bridged count: Int) { bridged += UInt64(count) }

    /// What the moves of a bridge say.
    static let reasonBridge = "Bridged by the import: the predecessor recorded no such step"

    /// The states behind `from` on a shortest legal way to `target`; empty where it stands there.
    static func way(from: JobState, to target: JobState) -> [JobState]? {
        if from == target { return [] }
        var ways: [[JobState]] = [[from]]
        var seen: Set<JobState> = [from]
        while !ways.isEmpty {
            var longer: [[JobState]] = []
            for way in ways {
                for next in (way.last ?? from).successors where seen.insert(next).inserted {
                    if next == target { return way.dropFirst() + [next] }
                    longer.append(way + [next])
                }
            }
            ways = longer
        }
        return nil
    }
}
