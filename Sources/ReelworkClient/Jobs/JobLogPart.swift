// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a job's encoder said.

/// What a job's encoder said, or the part of it from an offset on.
public struct JobLogPart: Hashable, Sendable {
    /// Where the first byte stands in the whole log.
    public var offset: UInt64
    /// The bytes, as the encoder wrote them.
    public var bytes: [UInt8]
    /// The offset to ask for next.
    public var next: UInt64
}
