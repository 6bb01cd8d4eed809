// SPDX-License-Identifier: Apache-2.0
// Reelwork: a reader that reads nothing

package import ReelworkEngineKit

/// A reader for commands that print no progress.
package struct NoProgress: ProgressParser {
    /// Makes the reader.
    package init() {}

    /// Nothing was read.
    package var last: EngineProgress? { nil }

    /// Reads nothing.
    package mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? { nil }
}
