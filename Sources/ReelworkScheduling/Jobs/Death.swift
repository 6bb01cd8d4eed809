// SPDX-License-Identifier: Apache-2.0
// Reelwork: an agent that died with a job in its hands

/// An agent that died with a job in its hands: one life of a worker, counted once.
struct Death: Hashable, Sendable {
    /// The worker's name; it may have been removed since.
    var worker: String
    /// Which life of it ended.
    var incarnation: UInt64
}
