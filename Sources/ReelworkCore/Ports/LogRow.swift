// SPDX-License-Identifier: Apache-2.0
// Reelwork: the end of an encoder's log

/// The end of an encoder's log, kept with the attempt that it is of.
public struct LogRow: Hashable, Sendable {
    /// The job.
    public var number: JobNumber
    /// The attempt.
    public var attempt: AttemptNumber
    /// The last bytes of its standard error; at most ``Limits/logTailBytesMax``.
    public var tail: [UInt8]

    /// Makes a row.
    public init(number: JobNumber, attempt: AttemptNumber, tail: [UInt8]) {
        self.number = number
        self.attempt = attempt
        self.tail = tail
    }
}
