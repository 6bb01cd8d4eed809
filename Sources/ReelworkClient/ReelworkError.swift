// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a program is told when something did not work.

public import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

/// What did not work, and what to do about it.
public struct ReelworkError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: Hashable, Sendable {
        /// An endpoint's text means nothing, or its path is too long.
        case endpointInvalid
        /// No scheduler answers there.
        case notReachable
        /// The scheduler does not let this user in, or not in this role.
        case denied
        /// TLS failed: one side does not trust the other's certificate.
        case untrusted
        /// A certificate, key or token of this side cannot be used.
        case credentialsInvalid
        /// Another program answers there, or one that is too old or too new.
        case notUnderstood
        /// The connection broke, and what was asked may or may not have been done.
        case outcomeUnknown
        /// It was not done within the time.
        case timeout
        /// The caller gave up.
        case canceled
        /// More than one request can hold.
        case tooLarge
        /// The scheduler refused it.
        case refused(OpenEnum<ResultCode>)
    }

    /// The kind.
    public var code: Code
    /// What is wrong and what to do, for people.
    public var message: String
    /// What lies beneath, for those who look for it.
    public var cause: String?
    /// When to try again; zero where nobody said.
    public var retryAfter: Duration
    /// With an illegal move: the state the job is in.
    public var from: OpenEnum<JobState>?
    /// With an illegal move: the state that was asked for.
    public var to: OpenEnum<JobState>?

    /// Makes an error.
    public init(
        _ code: Code,
        _ message: String,
        cause: String? = nil,
        retryAfter: Duration = .zero
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        self.retryAfter = retryAfter
    }

    /// All of it in one line.
    public var description: String {
        cause.map { "\(message) (\($0))" } ?? message
    }

    init(_ error: RPCError) {
        let code: Code =
            switch error.code {
            case .endpointInvalid, .pathTooLong, .addressDenied: .endpointInvalid
            case .addressInUse, .socketFailed, .connectFailed: .notReachable
            case .refused(.denied): .denied
            case .untrusted: .untrusted
            case .credentials: .credentialsInvalid
            case .refused(.overloaded), .refused(.draining): .notReachable
            case .refused(.noVersion), .refused(.ok), .handshakeFailed, .malformed:
                .notUnderstood
            case .closed, .overrun: .outcomeUnknown
            case .notLookedAt: .notReachable
            case .timeout: .timeout
            case .canceled: .canceled
            case .tooLarge: .tooLarge
            case .remote(let code): .refused(code)
            }
        self.init(code, error.message, cause: error.cause, retryAfter: error.retryAfter)
        if message.isEmpty, case .remote(let code) = error.code {
            message = "the scheduler answered \(code.value?.name ?? "error \(code.rawValue)")"
        }
        from = error.remote?.from
        to = error.remote?.to
    }
}
