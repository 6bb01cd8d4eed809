// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job in a worker's hands

import ReelworkCore

/// A job in a worker's hands: what its deadlines go by.
struct Run: Sendable {
    var attempt: AttemptNumber
    /// When it was assigned, and from `started` on when it started.
    var since: BootInstant
    /// How long it was given from its start.
    var limit: Duration
    /// When its time is over.
    var deadline: BootInstant
    /// The submitter's limit is never extended.
    var isDeadlineHard: Bool
    /// Media time that its worker said last.
    var media: Duration = .zero
    /// When that advanced last.
    var advanced: BootInstant
    /// The encoder is done: verification and publishing show no media time.
    var isEncoded = false
    /// The one timer that is set for it; an earlier need sets another.
    var timerAt: BootInstant = .distantFuture
}
