// SPDX-License-Identifier: Apache-2.0
// Reelwork: the fencing token

/// The fencing token of a job: it rises by one with each move to assigned and nowhere else.
///
/// A report counts only if its attempt is the job's current one. 0 is no attempt.
public struct AttemptNumber: RawRepresentable, Hashable, Comparable, Sendable,
    CustomStringConvertible
{
    /// The number itself.
    public let rawValue: UInt32

    /// Makes an attempt number; 0 is no attempt.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Makes an attempt number; 0 is no attempt.
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// No attempt yet.
    public static let none = AttemptNumber(0)

    /// Orders by time of assignment.
    public static func < (left: AttemptNumber, right: AttemptNumber) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The plain number.
    public var description: String { "\(rawValue)" }
}
