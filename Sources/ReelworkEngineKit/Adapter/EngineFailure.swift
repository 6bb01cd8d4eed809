// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an attempt failed, in words

public import ReelworkCore

/// Why an attempt failed, and what to do about it.
public struct EngineFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The class, which decides about a retry unless ``isFinal`` does.
    public var failureClass: FailureClass
    /// What happened; no control bytes, and bounded.
    public var message: String
    /// What to do about it.
    public var advice: String
    /// A finer reason within the class, such as ``outputInvalid``.
    public var reason: String?
    /// No attempt on any worker can end otherwise, whatever the class: the job fails at once and
    /// keeps its class.
    public var isFinal: Bool

    /// The reason of a file that does not verify; its class is `FailureClass.runtimeError`.
    public static let outputInvalid = "output_invalid"

    /// Makes a failure.
    public init(
        failureClass: FailureClass,
        message: String,
        advice: String,
        reason: String? = nil,
        isFinal: Bool = false
    ) {
        self.failureClass = failureClass
        self.message = message
        self.advice = advice
        self.reason = reason
        self.isFinal = isFinal
    }

    /// Message and advice in one line.
    public var description: String { "\(message); \(advice)" }

    /// A refusal that shows only when the attempt runs.
    public init(_ refusal: EngineRefusal) {
        self.init(
            failureClass: .userError,
            message: refusal.message,
            advice: "submit the job again with other parameters"
        )
    }

    /// A finished file that is not what it should be.
    public static func invalidOutput(_ message: String) -> EngineFailure {
        EngineFailure(
            failureClass: .runtimeError,
            message: message,
            advice:
                "the part is removed and the job tried again; read the job's log if it persists",
            reason: outputInvalid
        )
    }
}
