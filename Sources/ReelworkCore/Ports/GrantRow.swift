// SPDX-License-Identifier: Apache-2.0
// Reelwork: a grant to be stored

/// A grant to be stored before the worker hears of it.
public struct GrantRow: Hashable, Sendable {
    /// The job.
    public var number: JobNumber
    /// The grant.
    public var grant: Grant
    /// When it was given.
    public var at: Timestamp

    /// Makes a row.
    public init(number: JobNumber, grant: Grant, at: Timestamp) {
        self.number = number
        self.grant = grant
        self.at = at
    }
}
