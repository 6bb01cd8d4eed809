// SPDX-License-Identifier: Apache-2.0
// Reelwork: what can go wrong between two peers.

package import ReelworkCore
package import ReelworkWire

/// What went wrong between two peers.
package struct RPCError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: Hashable, Sendable {
        /// An endpoint's text means nothing.
        case endpointInvalid
        /// A socket path that the kernel cannot take.
        case pathTooLong
        /// Something else listens there.
        case addressInUse
        /// An address that is not allowed.
        case addressDenied
        /// The system refused a socket, a bind or a mode.
        case socketFailed
        /// A certificate, key or token that cannot be used.
        case credentials
        /// TLS failed: the other side is not trusted, or does not trust this one.
        case untrusted
        /// Nobody answers there.
        case connectFailed
        /// The server sent this peer away.
        case refused(PrefaceStatus)
        /// The handshake took too long or came to nothing.
        case handshakeFailed
        /// The connection is over; whether an open request was done is unknown.
        case closed
        /// The server said GOAWAY and never looked at the request: it may be sent elsewhere.
        case notLookedAt
        /// The caller's time was over.
        case timeout
        /// The caller gave up.
        case canceled
        /// What came could not be understood.
        case malformed
        /// What is to be sent is larger than was agreed.
        case tooLarge
        /// A reader took so long that its events were dropped.
        case overrun
        /// The peer answered with an error; see ``RPCError/remote``.
        case remote(OpenEnum<ResultCode>)
    }

    /// The kind.
    package var code: Code
    /// What is wrong and what to do, for people.
    package var message: String
    /// What lies beneath: the system's or the peer's words.
    package var cause: String?
    /// The peer's answer, where there is one.
    package var remote: ErrorMessage?
    /// Not before this; zero where nobody said.
    package var retryAfter: Duration

    /// Makes an error.
    package init(
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

    /// The peer's own words.
    package init(remote error: ErrorMessage) {
        code = .remote(error.code)
        message = error.detail
        remote = error
        retryAfter = error.retryAfter
    }

    /// All of it in one line.
    package var description: String {
        cause.map { "\(message) (\($0))" } ?? message
    }
}
