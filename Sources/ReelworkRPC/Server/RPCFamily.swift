// SPDX-License-Identifier: Apache-2.0
// Reelwork: which roles a socket is for.

package import ReelworkCore

/// Which roles a socket is for.
package enum RPCFamily: CaseIterable, Hashable, Sendable {
    /// Workers and submitters.
    case rpc
    /// Administrators.
    case admin

    /// Whether a peer of this role may come in.
    package func admits(_ role: PeerRole) -> Bool {
        switch (self, role) {
        case (.rpc, .worker), (.rpc, .submitter), (.admin, .admin): true
        case (.rpc, .admin), (.admin, .worker), (.admin, .submitter): false
        }
    }
}
