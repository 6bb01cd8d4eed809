// SPDX-License-Identifier: Apache-2.0
// Reelwork: a moment on the wall clock

/// A moment on the wall clock: milliseconds since 1970-01-01T00:00:00Z, as on disk and on the wire.
///
/// Wall time is for people and for the disk only. Leases and timers run on ``BootInstant``.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch; never negative where it comes from the wire.
    public var milliseconds: Int64

    /// Makes a timestamp from milliseconds since the Unix epoch.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The time `duration` later; the ends of the range hold it, so that it never overflows.
    public func advanced(by duration: Duration) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.wholeMilliseconds)
        guard overflow else { return Timestamp(milliseconds: sum) }
        return Timestamp(milliseconds: duration < .zero ? .min : .max)
    }

    /// How long it is from `earlier` to here; negative where `earlier` is later.
    public func since(_ earlier: Timestamp) -> Duration {
        let (gap, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        guard overflow else { return .milliseconds(gap) }
        return .milliseconds(milliseconds < earlier.milliseconds ? Int64.min : Int64.max)
    }
}
