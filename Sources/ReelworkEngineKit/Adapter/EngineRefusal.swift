// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an engine does not take a job

/// Why an engine, or all of them, do not take a job: always the submitter's to mend.
public struct EngineRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for programs.
    public enum Kind: Hashable, Sendable {
        /// No engine has that name.
        case unknownEngine
        /// The engine knows no parameter of that name.
        case unknownParameter
        /// A parameter's value is not what it must be.
        case invalidParameter
        /// Two parameters exclude each other.
        case conflict
        /// Input or output cannot be what they are.
        case invalidLocation
        /// The engine cannot do this; another may.
        case unsupported
        /// The adapter itself cannot be registered.
        case invalidEngine
    }

    /// What is wrong.
    public var kind: Kind
    /// The parameter that is meant; nil where none is.
    public var parameter: String?
    /// What is wrong and what to do, for people; no control bytes, and bounded.
    public var message: String

    /// Makes a refusal.
    public init(kind: Kind, parameter: String? = nil, message: String) {
        self.kind = kind
        self.parameter = parameter
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// A value that does not parse: names the parameter, what was expected and what came.
    public static func invalid(
        _ parameter: String,
        expected: String,
        came value: String
    ) -> EngineRefusal {
        EngineRefusal(
            kind: .invalidParameter,
            parameter: parameter,
            message:
                "parameter \(parameter): expected \(expected); came \(ShownText.quoted(value))"
        )
    }

    /// A value that does not parse, with the nearest word where one out of a list was expected.
    public static func invalid(
        _ parameter: String,
        expected kind: ParameterKind,
        came value: String
    ) -> EngineRefusal {
        var refusal = invalid(parameter, expected: kind.expectation, came: value)
        if case .choice(let words) = kind,
            let near = NearestName.suggestion(words, near: value)
        {
            refusal.message += "; did you mean \(near)?"
        }
        return refusal
    }
}
