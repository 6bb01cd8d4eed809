// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads an encoder's standard output

/// Reads an encoder's standard output as it comes, in pieces of any size.
///
/// A value: it holds at most one line. Any bytes are allowed and none trap.
public protocol ProgressParser: Sendable {
    /// Reads some bytes.
    ///
    /// - Returns: the newest state where these bytes completed one; nil where they did not.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress?

    /// The newest state so far; nil where none was read.
    var last: EngineProgress? { get }
}
