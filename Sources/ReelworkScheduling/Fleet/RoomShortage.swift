// SPDX-License-Identifier: Apache-2.0
// Reelwork: what of a worker is not enough for a job

import ReelworkCore

/// What of a worker is not enough for a job, for an answer to why it waits.
struct RoomShortage: Equatable, Sendable {
    /// What the job takes up.
    var need: ResourceAmount
    /// How much of it the worker has; 0 where it has none.
    var whole: UInt64
    /// How much of that is taken.
    var taken: UInt64
}
