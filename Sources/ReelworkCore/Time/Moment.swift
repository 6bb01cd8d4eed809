// SPDX-License-Identifier: Apache-2.0
// Reelwork: now, on both clocks

/// Now, on both clocks.
///
/// Every machine is given one with each event and reads no clock itself.
public struct Moment: Hashable, Sendable {
    /// What leases and timers count on.
    public var boot: BootInstant
    /// What history and the disk record.
    public var wall: Timestamp

    /// Makes a moment from both clocks' readings.
    public init(boot: BootInstant, wall: Timestamp) {
        self.boot = boot
        self.wall = wall
    }

    /// The moment `duration` later on both clocks.
    public func advanced(by duration: Duration) -> Moment {
        Moment(boot: boot.advanced(by: duration), wall: wall.advanced(by: duration))
    }
}
