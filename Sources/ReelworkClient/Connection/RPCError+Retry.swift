// SPDX-License-Identifier: Apache-2.0
// Reelwork: which failures pass.

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

extension RPCError {
    /// A task was canceled.
    static let canceledByCaller = RPCError(.canceled, "the caller gave up")

    /// Whether an endpoint that failed so may let this client in later.
    var isTransient: Bool {
        switch code {
        case .connectFailed, .socketFailed, .refused(.overloaded), .refused(.draining),
            .handshakeFailed, .closed, .notLookedAt, .timeout:
            true
        case .remote(let code):
            switch code.value {
            case .busy, .draining, .enhanceCalm, .handshakeTimeout, .sessionSuperseded, .internal,
                .storageReadOnly:
                true
            // All else that a server says of a connection stays so: DENIED, AUTH_FAILED, ….
            case _: false
            }
        // What is wrong with an endpoint's text, this user or the other program stays so.
        case _: false
        }
    }

    /// What was asked for before the same scheduler is asked again.
    ///
    /// One that leaves is left: the machine knows how long to wait where it is the only one.
    var waitForSameScheduler: Duration {
        code == .remote(.known(.draining)) ? .zero : retryAfter
    }

    /// What all endpoints of a round said: the first that did answer, else the last.
    init(ofAll failures: [(endpoint: RPCEndpoint, error: RPCError)]) {
        let silent = failures.last?.error
        let answered = failures.first { failure in
            if case .connectFailed = failure.error.code { false } else { true }
        }
        guard let chosen = answered?.error ?? silent else {
            self.init(.connectFailed, "no endpoint is given; write unix:PATH")
            return
        }
        self = chosen
        guard failures.count > 1 else { return }
        cause = failures.map { "\($0.endpoint): \($0.error)" }.joined(separator: "; ")
        if answered == nil {
            message =
                "no scheduler answers on any of \(failures.count) endpoints; is one running, and "
                + "may this user connect?"
        }
    }
}
