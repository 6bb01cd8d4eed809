// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job's moves in a simulated world

import ReelworkCore

/// What a job's moves came to so far.
struct WorldLife {
    var state: JobState
    var moves: UInt32
    var attempt: AttemptNumber
}
