// SPDX-License-Identifier: Apache-2.0
// Reelwork: how one of the scheduler's loops runs.

public import ReelworkCore

/// How one of the scheduler's loops runs.
public struct LoopStatus: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Whether it runs by itself.
    public var isRunning: Bool
    /// How often.
    public var interval: Duration
    /// How often it has run.
    public var runs: UInt64
    /// How often it failed.
    public var errors: UInt64
    /// When it ran last; nil where it never has.
    public var lastAt: Timestamp?
    /// How long that took.
    public var lastTook: Duration
    /// What went wrong last.
    public var lastError: String?
}
