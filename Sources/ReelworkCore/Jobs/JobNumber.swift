// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job's number

/// A job's number: given in order of submission, from 1, never reused.
///
/// People write it `#12` or `12`.
public struct JobNumber: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself.
    public let rawValue: UInt64

    /// Makes a job number; 0 is no job's.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Makes a job number; 0 is no job's.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Orders by time of submission.
    public static func < (left: JobNumber, right: JobNumber) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number as people read it: `#12`.
    public var description: String { "#\(rawValue)" }
}
