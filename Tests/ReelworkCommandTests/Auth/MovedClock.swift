// SPDX-License-Identifier: Apache-2.0
// Reelwork: a wall clock that a test moves

import Foundation
import ReelworkCore
import Synchronization

/// A wall clock that a test moves.
final class MovedClock: Sendable {
    private let moved = Mutex<Int64>(0)

    var now: Timestamp {
        let milliseconds = Int64(Date().timeIntervalSince1970 * 1000)
        return Timestamp(milliseconds: milliseconds + moved.withLock { $0 })
    }

    func move(_ duration: Duration) {
        moved.withLock { $0 += duration.wholeMilliseconds }
    }
}
