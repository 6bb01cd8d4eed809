// SPDX-License-Identifier: Apache-2.0
// Reelwork: what one check of the store found.

/// What one check of the store found.
public struct CheckFinding: Hashable, Sendable {
    /// The check's name.
    public var name: String
    /// Whether all is well.
    public var isOK: Bool
    /// How many things it looked at.
    public var examined: UInt64
    /// How many of them are wrong.
    public var bad: UInt64
    /// More for people.
    public var detail: String?
    /// Numbers of some jobs that are wrong.
    public var examples: [UInt64]
    /// What must be minded although all is well.
    public var warning: String?
}
