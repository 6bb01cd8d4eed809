// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a request of this side failed.

internal import ReelworkCore
package import ReelworkWire

/// Why a request of this side failed.
package enum SessionFailure: Hashable, Sendable {
    /// The peer said so.
    case remote(ErrorMessage)
    /// The connection ended before the answer: whether it was done is unknown.
    case closed
    /// It was never sent, or the peer never looked at it: it may be sent elsewhere.
    case notLookedAt
    /// It was not sent, as ``SessionTerms/requestsInFlightMax`` are open.
    case busy
    /// It was not sent, as the peer does not know the method.
    case unimplemented
    /// It was not sent, as it is larger than was agreed.
    case tooLarge

    /// The same as the peer would say it.
    package var message: ErrorMessage {
        switch self {
        case .remote(let error): error
        case .closed: ErrorMessage(.internal, detail: "the connection closed before the answer")
        case .notLookedAt: ErrorMessage(.draining, detail: "the peer leaves and has not looked")
        case .busy: ErrorMessage(.busy, detail: "too many requests are open")
        case .unimplemented: ErrorMessage(.unimplemented, detail: "the peer lacks the method")
        case .tooLarge: ErrorMessage(.frameTooLarge, detail: "the request is too large")
        }
    }
}
