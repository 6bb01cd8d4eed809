// SPDX-License-Identifier: Apache-2.0
// Reelwork: how long a try that failed is waited after.

internal import ReelworkCore

/// How long a try that failed is waited after: full jitter.
enum Backoff {
    /// A random part of a limit that doubles each round, up to `Limits.reconnectMax`.
    static func pause(round: Int, chance: UInt64) -> Duration {
        let most = min(Limits.reconnectMin * (1 << min(max(round, 0), 10)), Limits.reconnectMax)
        let limit = UInt64(clamping: most.wholeNanoseconds)
        guard limit < .max else { return most }
        return .nanoseconds(Int64(clamping: chance % (limit + 1)))
    }
}
