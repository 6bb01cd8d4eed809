// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an attempt is stopped

import ReelworkCore

/// Why an attempt is stopped before its end.
package enum AttemptStop: Hashable, Sendable {
    /// The scheduler took it back; the worker reports that it let go.
    case revoked
    /// The scheduler does not want to hear of it any more.
    case forgotten
    /// The worker drains and its time is over.
    case draining
    /// The lease ended and the output is one that no grant can fence.
    case leaseLost

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
