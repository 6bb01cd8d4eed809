// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job moves

import ReelworkCore

/// Why a job moves: what its history will say.
struct Cause: Sendable {
    var reason: String
    var actor: String
    /// Why the attempt failed, where it did.
    var failure: FailureClass?
    /// More for people.
    var detail: String?

    init(
        _ reason: String,
        actor: String = Cause.scheduler,
        failure: FailureClass? = nil,
        detail: String? = nil
    ) {
        self.reason = reason
        self.actor = actor
        self.failure = failure
        self.detail = detail
    }

    /// The actor of what the scheduler decides by itself.
    static let scheduler = "scheduler"
}
