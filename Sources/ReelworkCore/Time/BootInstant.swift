// SPDX-License-Identifier: Apache-2.0
// Reelwork: a moment on the boot-time clock

/// A moment on the boot-time clock (`CLOCK_BOOTTIME`, clock_gettime(2)): it runs through a suspend
/// and no one can set it, so leases and timers count on it.
public struct BootInstant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the machine started.
    public var nanoseconds: Int64

    /// Makes an instant from nanoseconds since the machine started.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The latest instant that can be written: a timer set to it never fires.
    public static let distantFuture = BootInstant(nanoseconds: .max)

    /// Orders by time.
    public static func < (left: BootInstant, right: BootInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant `duration` later; the ends of the range hold it, so that it never overflows.
    public func advanced(by duration: Duration) -> BootInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        guard overflow else { return BootInstant(nanoseconds: sum) }
        return BootInstant(nanoseconds: duration < .zero ? .min : .max)
    }

    /// How long it is from `earlier` to here; negative where `earlier` is later.
    public func since(_ earlier: BootInstant) -> Duration {
        let (gap, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        guard overflow else { return .nanoseconds(gap) }
        return .nanoseconds(nanoseconds < earlier.nanoseconds ? Int64.min : Int64.max)
    }
}
