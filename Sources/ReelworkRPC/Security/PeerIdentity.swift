// SPDX-License-Identifier: Apache-2.0
// Reelwork: who a peer has proved to be.

package import ReelworkCore
package import ReelworkWire

/// Who a peer has proved to be, by certificate or token.
package struct PeerIdentity: Hashable, Sendable, CustomStringConvertible {
    /// How it was proved.
    package var kind: CredentialKind
    /// The certificate's serial number or the token's id: names the credential, gives no right.
    package var credential: String
    /// Whose it is; a worker may register under this name and no other.
    package var name: String
    /// What it may do.
    package var role: CredentialRole
    /// When it is over; nil = never.
    package var expires: Timestamp?

    /// Describes an identity.
    package init(
        kind: CredentialKind,
        credential: String,
        name: String,
        role: CredentialRole,
        expires: Timestamp? = nil
    ) {
        self.kind = kind
        self.credential = credential
        self.name = name
        self.role = role
        self.expires = expires
    }

    /// What it may do.
    package var permissions: Permissions { role.permissions }

    /// As it stands in histories and logs: `cert:NAME` or `token:NAME`.
    package var description: String { "\(kind.rawValue):\(name)" }
}
