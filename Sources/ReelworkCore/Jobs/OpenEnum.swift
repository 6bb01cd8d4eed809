// SPDX-License-Identifier: Apache-2.0
// Reelwork: an enum value that may be from the future

/// A value of an enumeration as a newer peer may send it: known here, or kept as its number.
///
/// Answers and events use it, so that an older reader shows `unknown(12)` instead of refusing a
/// frame.
public enum OpenEnum<Value>: Hashable, Sendable
where Value: RawRepresentable & Hashable & Sendable, Value.RawValue: FixedWidthInteger & Sendable {
    /// A value that this version names.
    case known(Value)
    /// A number that this version has no name for.
    case unknown(Value.RawValue)

    /// Reads a number, known or not.
    public init(rawValue: Value.RawValue) {
        if let value = Value(rawValue: rawValue) {
            self = .known(value)
        } else {
            self = .unknown(rawValue)
        }
    }

    /// The number as it stands on the wire.
    public var rawValue: Value.RawValue {
        switch self {
        case .known(let value): value.rawValue
        case .unknown(let number): number
        }
    }

    /// The value where this version knows it.
    public var value: Value? {
        switch self {
        case .known(let value): value
        case .unknown: nil
        }
    }
}
