// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a connection stands.

/// Where a connection stands.
package enum SessionState: CaseIterable, Hashable, Sendable {
    /// The peer's preface is awaited; a client has sent its own.
    ///
    /// Goes to ``hello`` when it is good, to ``closed`` when it is not or comes too late.
    case preface
    /// Prefaces are exchanged: a server awaits HELLO, a client has sent it and awaits HELLO_ACK.
    ///
    /// Goes to ``auth`` where the server wants to know who the client is, else to ``ready``, or to
    /// ``closed`` at the first error.
    case hello
    /// HELLO is answered: a server awaits AUTH, a client has sent it and awaits AUTH_OK.
    ///
    /// Goes to ``ready``, or to ``closed`` at the first error.
    case auth
    /// Anything may come and go.
    ///
    /// Goes to ``soon`` or ``leaving`` when its owner wants to leave, else to ``closed``.
    case ready
    /// The first GOAWAY is out; requests that are on their way are still looked at.
    ///
    /// Goes to ``leaving`` when the peer has answered the PING that was sent behind it.
    case soon
    /// The second GOAWAY is out: what the peer still asks is not looked at, answers go out.
    ///
    /// Goes to ``closed`` when the last is out or the time is over.
    case leaving
    /// The last: nothing comes in or goes out.
    case closed

    /// Whether frames other than the handshake's may come and go.
    var isOpen: Bool {
        switch self {
        case .ready, .soon, .leaving: true
        case .preface, .hello, .auth, .closed: false
        }
    }
}
