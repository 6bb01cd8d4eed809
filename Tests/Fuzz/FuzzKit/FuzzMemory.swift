// SPDX-License-Identifier: Apache-2.0
// Reelwork: bounds what a piece of work may hold

internal import CFuzzKit

/// Bounds what a piece of work may hold.
package enum FuzzMemory {
    /// Runs a piece of work and checks the most that it held at once.
    package static func bounded<Answer: ~Copyable>(
        by bytesMax: Int,
        _ what: @autoclosure () -> String,
        _ work: () -> Answer
    ) -> Answer {
        reelwork_fuzz_memory_start()
        let answer = work()
        let most = reelwork_fuzz_memory_stop()
        Invariant.hold(most <= Int64(bytesMax), "\(what()) held \(most) of \(bytesMax) bytes")
        return answer
    }
}
