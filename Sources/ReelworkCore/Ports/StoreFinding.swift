// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a check found

/// What one check of the store found.
public struct StoreFinding: Hashable, Sendable {
    /// The check's name, such as `history` or `synchronous`.
    public var name: String
    /// Whether all is well.
    public var isSound: Bool
    /// How much was looked at.
    public var examined: UInt64
    /// How much of it was wrong.
    public var bad: UInt64
    /// A value or explanation for people.
    public var detail: String?
    /// Some of the jobs that are wrong.
    public var examples: [JobNumber]
    /// What must be minded although all is well.
    public var warning: String?

    /// Makes a finding.
    public init(
        name: String,
        isSound: Bool,
        examined: UInt64 = 0,
        bad: UInt64 = 0,
        detail: String? = nil,
        examples: [JobNumber] = [],
        warning: String? = nil
    ) {
        self.name = name
        self.isSound = isSound
        self.examined = examined
        self.bad = bad
        self.detail = detail
        self.examples = examples
        self.warning = warning
    }
}
