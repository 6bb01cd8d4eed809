// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an attempt is stopped

import ReelworkCore

/// Why an attempt is stopped before its end.
package enum AttemptStop: Hashable, Sendable {
    /// The scheduler took it back; the worker reports that it let go.
    ///
    /// The grace is the encoder's, between TERM and KILL; zero kills it at once.
    case revoked(grace: Duration = Limits.terminateGrace)
    /// The scheduler does not want to hear of it any more.
    case forgotten
    /// The worker drains and its time is over.
    case draining
    /// The lease ended and the output is one that no grant can fence.
    case leaseLost

    /// What the encoder has between TERM and KILL; zero kills it at once.
    package var grace: Duration {
        switch self {
        case .revoked(let grace): grace
        case .forgotten, .draining, .leaseLost: Limits.terminateGrace
        }
    }

    /// What is reported; nil where nothing is.
    var release: ReleaseReason? {
        switch self {
        case .revoked: .revoked
        case .forgotten: nil
        case .draining: .draining
        case .leaseLost: .leaseLost
        }
    }
}
