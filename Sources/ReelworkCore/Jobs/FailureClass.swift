// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an attempt failed

/// Why an attempt failed.
///
/// The class decides whether the job is tried again (requirements, R5), unless the failure is
/// marked as final (``ReportItem/Failure/isFinal``).
public enum FailureClass: UInt8, CaseIterable, Hashable, Sendable {
    /// The worker cannot do it: not counted, and never to that worker again.
    case capabilityMismatch = 1
    /// The encoder failed, or its output did not verify.
    case runtimeError = 2
    /// The deadline passed, or the media time stood still.
    case timeout = 3
    /// What the user asked for cannot be done: not retried.
    case userError = 4
    /// A network source or target failed.
    case networkError = 5
    /// The input is missing, unreadable or not a film: not retried.
    case inputError = 6
    /// The worker was lost.
    case platformError = 7
    /// Memory, disk or an encoder session was missing: elsewhere first.
    case resourceError = 8

    /// Whether the class is retried by default.
    public var isRetryable: Bool {
        switch self {
        case .userError, .inputError: false
        case .capabilityMismatch, .runtimeError, .timeout, .networkError, .platformError,
            .resourceError:
            true
        }
    }

    /// Whether a retry of it counts against the job's limit.
    public var isCounted: Bool { self != .capabilityMismatch }

    /// The name in JSON, logs and metrics.
    public var name: String {
        switch self {
        case .capabilityMismatch: "capability_mismatch"
        case .runtimeError: "runtime_error"
        case .timeout: "timeout"
        case .userError: "user_error"
        case .networkError: "network_error"
        case .inputError: "input_error"
        case .platformError: "platform_error"
        case .resourceError: "resource_error"
        }
    }
}
