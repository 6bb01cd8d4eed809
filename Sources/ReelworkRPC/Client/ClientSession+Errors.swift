// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a client's errors are worded.

internal import ReelworkCore
internal import ReelworkWire

extension ClientSession {
    static let lost = RPCError(
        .closed,
        "the connection to the server is gone; whether open requests were done is unknown"
    )

    /// What was asked over a connection that is over.
    static func unsent(_ end: RPCError?) -> RPCError {
        RPCError(
            .notLookedAt,
            "the connection closed before this was sent; send it again",
            cause: end?.description
        )
    }

    /// Why a call failed.
    static func error(_ why: SessionFailure, _ method: Method) -> RPCError {
        switch why {
        case .remote(let error): RPCError(remote: error)
        case .closed: lost
        case .notLookedAt:
            RPCError(.notLookedAt, "the server leaves and has not looked at it; send it again")
        case .busy: RPCError(.timeout, "too many requests are open; try again later")
        case .unimplemented:
            RPCError(
                .remote(.known(.unimplemented)),
                "the server does not know \(method.name); it is too old for this program"
            )
        case .tooLarge:
            RPCError(.tooLarge, "\(method.name) is larger than the server takes; send less")
        }
    }

    /// Why a connection ended; nil where this side left.
    static func error(_ end: SessionEnd, isOpened: Bool) -> RPCError? {
        switch end {
        case .refused(let status, let retryAfter): refused(status, retryAfter)
        case .remote(let error): RPCError(remote: error)
        case .local(let error) where !isOpened && error.code == .known(.authRequired):
            RPCError(remote: error)
        case .untrusted(let words):
            RPCError(.untrusted, words)
        case .local(let error):
            RPCError(
                isOpened ? .closed : .handshakeFailed,
                error.detail,
                cause: error.code.value?.name
            )
        case .garbage(let words):
            RPCError(
                isOpened ? .closed : .handshakeFailed,
                isOpened
                    ? "the server sent what breaks the protocol; the connection was closed"
                    : "what answers there does not speak this protocol",
                cause: words
            )
        case .silent:
            RPCError(.closed, "the server gives no sign of life; is it running?")
        case .lost: lost
        case .left: nil
        }
    }

    private static func refused(_ status: PrefaceStatus?, _ retryAfter: Duration) -> RPCError {
        let words =
            switch status {
            case .noVersion: "the server and this program have no protocol version in common"
            case .overloaded: "the server has too many connections; try again later"
            case .draining: "the server is about to stop; try again later"
            case .denied: "the server does not let this user in here, or not in this role"
            case .ok, nil: "the server sent an answer that is unknown here"
            }
        return RPCError(.refused(status ?? .denied), words, retryAfter: retryAfter)
    }
}
