// SPDX-License-Identifier: Apache-2.0
// Reelwork: when a failed job is tried again

/// When a failed job is tried again (requirements, R5).
public struct RetryPolicy: Hashable, Sendable {
    /// How the wait is spread.
    public enum Jitter: Hashable, Sendable {
        /// Exactly the wait.
        case none
        /// Anything from zero to the wait, so that a thousand failures do not return at once.
        case full
    }

    /// Retries of a job that names no number of its own.
    public var retriesDefault: UInt16
    /// The wait before the first retry.
    public var backoffFirst: Duration
    /// The wait never grows past this.
    public var backoffMax: Duration
    /// How the wait is spread.
    public var jitter: Jitter

    /// Makes a policy; the defaults are those of R5: 3 retries after 5, 10 and 20 s, up to 5 min.
    public init(
        retriesDefault: UInt16 = 3,
        backoffFirst: Duration = .seconds(5),
        backoffMax: Duration = .seconds(300),
        jitter: Jitter = .full
    ) {
        self.retriesDefault = retriesDefault
        self.backoffFirst = backoffFirst
        self.backoffMax = backoffMax
        self.jitter = jitter
    }

    /// The wait before retry `count` (1 is the first), not yet spread.
    ///
    /// Doubling stops at the maximum, so no count overflows (lesson 12); 0 has no wait.
    public func backoff(retry count: UInt16) -> Duration {
        guard count > 0, backoffFirst > .zero else { return .zero }
        var wait = backoffFirst
        var remaining = count - 1
        while remaining > 0, wait < backoffMax {
            wait *= 2
            remaining -= 1
        }
        return min(wait, backoffMax)
    }

    /// The wait before retry `count`, spread with 64 random bits where the policy says so.
    public func wait(retry count: UInt16, random: UInt64) -> Duration {
        let wait = backoff(retry: count)
        switch jitter {
        case .none: return wait
        case .full:
            let span = UInt64(clamping: wait.wholeMilliseconds)
            return .milliseconds(Int64(random.multipliedFullWidth(by: span + 1).high))
        }
    }
}
