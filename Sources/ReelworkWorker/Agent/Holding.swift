// SPDX-License-Identifier: Apache-2.0
// Reelwork: an attempt in this worker's hands

import ReelworkCore

/// An attempt in this worker's hands, as the agent counts it.
struct Holding: Sendable {
    let key: AttemptKey
    let number: JobNumber
    /// The attempt under which it is reported: that of `key`, or a later one after an adoption.
    var attempt: AttemptNumber
    /// How far it has come.
    var phase: HeldAttempt.Phase
    /// Its process and its slot are still in use.
    var isActive: Bool
    /// The output is one that no grant can fence.
    var isKilledOnLeaseLoss: Bool
    /// Part of the digest of this session: its terminal report was not sent yet.
    var isOpen = false
    /// `started`, once it was made; sent again after a reconnect until it is answered.
    var start: ReportItem.Start?
    /// `ready`, once it was made.
    var film: ReportItem.Film?
    /// The last report, once it was made and is safe in the spool.
    var ending: ReportItem.Content?
    /// The attempt under which the grant was given; nil where there is none.
    var grantedAttempt: AttemptNumber?
    /// The ending waits for the spool's sync.
    var isSpooling = false
    /// The scheduler does not want to hear of it: nothing is said any more.
    var isForgotten = false
    /// The scheduler has lost the grant of a published film: `ready` goes out once more.
    var isGrantLost = false
    /// That happened before; it does not happen twice.
    var hasAskedAgain = false
    /// What was answered already in this session, so that nothing is sent twice.
    var answered: Set<ReportItem.Kind> = []
    /// What is on its way.
    var inFlight: ReportItem.Kind?

    /// Whether the last report was answered in this session.
    var isEndingAnswered: Bool {
        ending.map { answered.contains(ReportItem.kind(of: $0)) } ?? false
    }

    /// The next thing to report; nil where all is said or something is on its way.
    var next: ReportItem.Content? {
        guard inFlight == nil, !isForgotten else { return nil }
        if let ending, !isGrantLost {
            // An end implies the start, but a grant needs its own answer before the end.
            return isSpooling || isEndingAnswered ? nil : ending
        }
        if let start, !answered.contains(.started) { return .started(start) }
        if let film, grantedAttempt == nil, !answered.contains(.ready) { return .ready(film) }
        return nil
    }
}

extension ReportItem {
    /// The kind of a content.
    static func kind(of content: Content) -> Kind {
        switch content {
        case .started: .started
        case .ready: .ready
        case .finished: .finished
        case .failed: .failed
        case .released: .released
        }
    }
}
