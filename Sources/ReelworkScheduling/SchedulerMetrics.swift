// SPDX-License-Identifier: Apache-2.0
// Reelwork: the scheduler's figures

package import ReelworkCore

/// The scheduler's figures (requirements, R9): counters since the start, and gauges.
package struct SchedulerMetrics: Hashable, Sendable {
    /// Jobs in each state that is not terminal; moves into each terminal state since the start.
    package var states: [UInt64]
    /// Jobs accepted.
    package var submitted: UInt64 = 0
    /// Times that a waiting job was offered to the fleet.
    package var assignmentAttempts: UInt64 = 0
    /// Times that it found a worker.
    package var assignmentSuccesses: UInt64 = 0
    /// Assignments that never started: refused, lost or timed out in assigned.
    package var assignmentFailures: UInt64 = 0
    /// Moves to retrying that count.
    package var retries: UInt64 = 0
    /// Moves to timed out.
    package var timeouts: UInt64 = 0
    /// Jobs taken out of dead hands.
    package var orphansFound: UInt64 = 0
    /// Workers that died.
    package var workerFailures: UInt64 = 0
    /// Reports of attempts that no longer hold their job.
    package var staleReports: UInt64 = 0
    /// Moves made.
    package var moves: UInt64 = 0
    /// Workers alive, suspect and dead.
    package var workersAlive: UInt64 = 0
    /// Workers whose connection ended and whose lease runs.
    package var workersSuspect: UInt64 = 0
    /// Workers that are known and not connected.
    package var workersDead: UInt64 = 0
    /// Queues of which nothing is handed out.
    package var queuesPaused: [JobQueue] = []
    /// Workers that get nothing because they failed what others finished.
    package var workersCordoned: UInt64 = 0
    /// Jobs given up because agents died while they had them.
    package var quarantined: UInt64 = 0

    init() {
        states = Array(repeating: 0, count: JobState.allCases.count + 1)
    }

    /// How many jobs are in `state`; for a terminal state, how many reached it since the start.
    package func count(_ state: JobState) -> UInt64 { states[Int(state.rawValue)] }

    mutating func count(_ step: JobStep) {
        moves += 1
        if let from = step.from { states[Int(from.rawValue)] -= 1 }
        states[Int(step.to.rawValue)] += 1
    }
}
