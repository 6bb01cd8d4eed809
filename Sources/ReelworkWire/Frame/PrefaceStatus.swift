// SPDX-License-Identifier: Apache-2.0
// Reelwork: the server's first word

/// The server's first word to a client.
package enum PrefaceStatus: UInt8, CaseIterable, Hashable, Sendable {
    /// Go on with HELLO.
    case ok = 0
    /// No version in common.
    case noVersion = 1
    /// Too many connections.
    case overloaded = 2
    /// The server is about to stop.
    case draining = 3
    /// Not this role on this socket, or not this peer.
    case denied = 4

    /// The name in the specification.
    package var name: String {
        switch self {
        case .ok: "ok"
        case .noVersion: "no_version"
        case .overloaded: "overloaded"
        case .draining: "draining"
        case .denied: "denied"
        }
    }
}
