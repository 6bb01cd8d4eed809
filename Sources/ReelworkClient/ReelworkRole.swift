// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a client is.

internal import ReelworkCore

/// What a client is, which says what it may ask and on which socket.
public enum ReelworkRole: Hashable, Sendable {
    /// Submits, reads and cancels.
    case submitter
    /// The same and more, on the admin socket only.
    case admin

    var peer: PeerRole {
        switch self {
        case .submitter: .submitter
        case .admin: .admin
        }
    }
}
