// SPDX-License-Identifier: Apache-2.0
// Reelwork: one page of jobs.

public import ReelworkCore

/// One page of jobs.
public struct JobListing: Hashable, Sendable {
    /// The jobs, in the order that was asked for.
    public var jobs: [JobView]
    /// Give it back for the next page; nil at the end.
    public var cursor: [UInt8]?
}
