// SPDX-License-Identifier: Apache-2.0
// Reelwork: the numbers behind an engine's time limit

/// The numbers that adapters count their time limits with (requirements, R3).
public struct TimeoutPolicy: Hashable, Sendable {
    /// The limit where the input's duration is not known.
    public var unknownDuration: Duration
    /// The least limit of an engine that encodes as fast as it can.
    public var floor: Duration
    /// How many times the duration such an engine may take: 1 to 1,000.
    public let factor: Int
    /// What an engine that may run in real time gets on top of the duration.
    public var slack: Duration

    /// Makes a policy; the defaults are the requirement's.
    public init(
        unknownDuration: Duration = .seconds(1_800),
        floor: Duration = .seconds(60),
        factor: Int = 2,
        slack: Duration = .seconds(30)
    ) {
        self.unknownDuration = unknownDuration
        self.floor = floor
        self.factor = min(max(factor, 1), 1_000)
        self.slack = slack
    }
}
