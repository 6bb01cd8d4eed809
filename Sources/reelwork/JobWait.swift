// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a queued job waits for

import ReelworkClient
import ReelworkCore

/// What a queued job waits for, as the scheduler says.
struct JobWait: Hashable {
    /// The answer.
    var answer: String
    /// What follows where nothing changes; times in it count down.
    var warning: String?

    /// The words for a screen.
    var words: String { warning.map { "\(answer); \($0)" } ?? answer }

    /// Takes what keeps a job from a worker; nil where it is handed out within moments, or does not
    /// wait in its queue any more.
    init?(_ standing: JobStanding) {
        guard standing.state == nil || standing.state == .known(.queued),
            let first = standing.reasons.first, first.known != .tenantTurn
        else { return nil }
        answer = first.text
        warning = standing.reasons.dropFirst().first { $0.known == .unfitGrace }?.text
    }
}
