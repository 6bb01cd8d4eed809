// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a connection ended.

internal import ReelworkCore
package import ReelworkWire

/// Why a connection ended.
package enum SessionEnd: Hashable, Sendable {
    /// The server did not let the client in.
    case refused(PrefaceStatus?, retryAfter: Duration)
    /// The peer ended it and said why.
    case remote(ErrorMessage)
    /// This side ended it, for this reason.
    case local(ErrorMessage)
    /// What came was not this protocol, or broken; nothing was answered.
    case garbage(String)
    /// TLS failed; nothing can be said to the peer.
    case untrusted(String)
    /// The peer gave no sign of life, or took too long.
    case silent
    /// One side left as it should.
    case left
    /// The transport ended.
    case lost
}
