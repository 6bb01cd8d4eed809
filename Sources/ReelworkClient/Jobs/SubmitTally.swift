// SPDX-License-Identifier: Apache-2.0
// Reelwork: what became of many jobs.

public import ReelworkCore

/// What became of many jobs.
public struct SubmitTally: Hashable, Sendable {
    /// New jobs.
    public var accepted = 0
    /// Jobs that the scheduler had already: same key, same job.
    public var known = 0
    /// Jobs that it did not take.
    public var refused = 0

    /// Makes a tally of nothing.
    public init() {}

    /// All together.
    public var count: Int { accepted + known + refused }

    /// Counts one more result.
    public mutating func add(_ result: SubmitResult) {
        switch result.code {
        case .known(.ok): accepted += 1
        case .known(.okExists): known += 1
        case .known, .unknown: refused += 1
        }
    }
}
