// SPDX-License-Identifier: Apache-2.0
// Reelwork: a reader that reads nothing

public import ReelworkEngineKit

/// A reader for commands that print no progress.
public struct NoProgress: ProgressParser {
    /// Makes the reader.
    public init() {}

    /// Nothing was read.
    public var last: EngineProgress? { nil }

    /// Reads nothing.
    public mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? { nil }
}
