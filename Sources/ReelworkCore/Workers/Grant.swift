// SPDX-License-Identifier: Apache-2.0
// Reelwork: the leave to publish one film

/// The leave to publish one film: durable before the worker hears of it.
public struct Grant: Hashable, Sendable {
    /// The attempt that encoded it.
    public var attempt: AttemptNumber
    /// The film's size in bytes.
    public var size: UInt64
    /// CRC-32C of the whole film (RFC 3720, appendix B.4).
    public var checksum: UInt32

    /// Makes a grant.
    public init(attempt: AttemptNumber, size: UInt64, checksum: UInt32) {
        self.attempt = attempt
        self.size = size
        self.checksum = checksum
    }
}
