// SPDX-License-Identifier: Apache-2.0
// Reelwork: a stored end of a log

/// A stored end of a log.
public struct StoredLog: Hashable, Sendable {
    /// The attempt it is of.
    public var attempt: AttemptNumber
    /// The bytes.
    public var tail: [UInt8]

    /// Makes a stored log.
    public init(attempt: AttemptNumber, tail: [UInt8]) {
        self.attempt = attempt
        self.tail = tail
    }
}
