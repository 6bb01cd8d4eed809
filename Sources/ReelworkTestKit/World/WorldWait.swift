// SPDX-License-Identifier: Apache-2.0
// Reelwork: the backoff of a job in a simulated world

import ReelworkCore

/// The backoff of a job.
struct WorldWait {
    var until: Timestamp
    /// The life of the scheduler that gave it.
    var life: UInt64
}
