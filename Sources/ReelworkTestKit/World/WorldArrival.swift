// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a session hands to its owner

import ReelworkRPC

/// What a session of a simulated world hands to its owner.
enum WorldArrival {
    /// The handshake is over.
    case opened
    case toScheduler(ToScheduler)
    case toWorker(ToWorker)
    /// The session is over.
    case closed(SessionEnd, isFarewell: Bool)
}
