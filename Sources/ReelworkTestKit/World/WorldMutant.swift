// SPDX-License-Identifier: Apache-2.0
// Reelwork: bugs that are planted to see whether they are found

import ReelworkCore

/// A bug that is planted around the real machines: what goes in or comes out of one is rewritten.
package enum WorldMutant: String, CaseIterable, Sendable {
    /// Answers and pushes leave before their commit is on disk.
    case answerBeforeCommit = "answer-before-commit"
    /// An attempt publishes without the scheduler's grant.
    case grantUnasked = "grant-unasked"
    /// A later attempt leaves the parts of earlier ones where they are.
    case olderPartsKept = "older-parts-kept"
    /// Reports reach the scheduler under the job's current attempt.
    case attemptRewritten = "attempt-rewritten"
    /// Four in five heartbeats are not sent, and their worker believes that they were answered.
    case heartbeatLost = "heartbeat-lost"
    /// A worker allows twice what it can take.
    case creditDoubled = "credit-doubled"
    /// One in a hundred chunks overtakes the one before it.
    case bytesSwapped = "bytes-swapped"
    /// The scheduler knows no caps of tenants.
    case capIgnored = "cap-ignored"
    /// A scheduler that starts does not read which queues are paused.
    case pauseForgotten = "pause-forgotten"
    /// A later assignment of a job has the attempt of the one before.
    case attemptReused = "attempt-reused"
    /// The end of a backoff wakes nobody.
    case timersLost = "timers-lost"
    /// A scheduler that starts does not read which attempts it let publish.
    case grantsForgotten = "grants-forgotten"
    /// A job that is taken from its worker is taken from it twice.
    case recoveredTwice = "recovered-twice"
    /// What a worker allows is counted as so much more than it allowed before.
    case creditAdded = "credit-added"
    /// A worker that comes back is told to end what it holds by right.
    case verdictsTurned = "verdicts-turned"
    /// One in twenty of a job's moves is not written.
    case movesSkipped = "moves-skipped"
    /// A submission that comes again is not looked for by its key.
    case keysForgotten = "keys-forgotten"
    /// The scheduler counts a third of the lease that it tells the workers.
    case leaseShort = "lease-short"
    /// An attempt that should look for the film of an earlier one does not.
    case lookSkipped = "look-skipped"
    /// One in a hundred chunks arrives twice.
    case bytesDoubled = "bytes-doubled"
}
