// SPDX-License-Identifier: Apache-2.0
// Reelwork: figures of the daemon itself

import ReelworkCore
import ReelworkTelemetry
import Synchronization

/// Figures of the daemon itself: requests by method, commits and how long they took.
final class DaemonStatistics: Sendable {
    private struct State {
        var requests: [UInt64]
        var commits: UInt64 = 0
        var commitMoves: UInt64 = 0
    }

    private let state: Mutex<State>
    /// How long commits took.
    let commitTime = LatencyHistogram()
    /// When the daemon began to start.
    let startedAt: Timestamp

    init(startedAt: Timestamp) {
        self.startedAt = startedAt
        state = Mutex(State(requests: Array(repeating: 0, count: 0x50)))
    }

    /// Counts a request.
    func count(_ method: Method) {
        state.withLock { $0.requests[Int(method.rawValue)] += 1 }
    }

    /// Counts a commit.
    func committed(_ took: Duration, moves: Int) {
        state.withLock { state in
            state.commits += 1
            state.commitMoves += UInt64(moves)
        }
        commitTime.record(took)
    }

    /// Requests by method, of those that came.
    var requests: [(method: Method, count: UInt64)] {
        state.withLock { state in
            Method.allCases.map { ($0, state.requests[Int($0.rawValue)]) }.filter { $1 > 0 }
        }
    }

    /// Commits, and the moves in them.
    var commits: (count: UInt64, moves: UInt64) {
        state.withLock { ($0.commits, $0.commitMoves) }
    }
}
