// SPDX-License-Identifier: Apache-2.0
// Reelwork: how often the loops run

/// How often the loops run (requirements, R7).
package struct LoopIntervals: Hashable, Sendable {
    /// Hands out what events may have missed.
    package var scheduling: Duration
    /// Looks for dead workers and late runs.
    package var health: Duration
    /// Looks for orphans, and for jobs that no worker can do.
    package var cleanup: Duration

    /// Makes intervals; the defaults are those of the requirements.
    package init(
        scheduling: Duration = .seconds(2),
        health: Duration = .seconds(5),
        cleanup: Duration = .seconds(10)
    ) {
        self.scheduling = scheduling
        self.health = health
        self.cleanup = cleanup
    }
}
