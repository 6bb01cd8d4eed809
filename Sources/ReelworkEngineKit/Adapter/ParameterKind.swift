// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the value of a parameter is

/// What the value of a parameter is.
public enum ParameterKind: Hashable, Sendable {
    /// One of these words.
    case choice([String])
    /// A whole number in a range.
    case integer(ClosedRange<UInt64>)
    /// Something else, described: its form and an example.
    case form(String, example: String)

    /// What a value must look like, as the end of a sentence that begins with "expected".
    public var expectation: String {
        switch self {
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .integer(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .form(let form, let example): "\(form), such as \(example)"
        }
    }
}
