// SPDX-License-Identifier: Apache-2.0
// Reelwork: one credential that was given out.

package import ReelworkCore

/// One credential that was given out: a line of the register.
package struct CredentialRecord: Hashable, Sendable {
    /// What it is.
    package var kind: CredentialKind
    /// The certificate's serial number or the token's id, in lowercase hexadecimal.
    package var id: String
    /// Whose it is.
    package var name: String
    /// What it is for; nil = the certificate of a scheduler.
    package var role: CredentialRole?
    /// When it was made.
    package var created: Timestamp
    /// When it is over; nil = never.
    package var expires: Timestamp?
    /// A token's digest; empty with a certificate.
    package var digest: [UInt8]
    /// When it was taken back; nil = it was not.
    package var revoked: Timestamp?

    /// Describes a credential.
    package init(
        kind: CredentialKind,
        id: String,
        name: String,
        role: CredentialRole?,
        created: Timestamp,
        expires: Timestamp?,
        digest: [UInt8] = [],
        revoked: Timestamp? = nil
    ) {
        self.kind = kind
        self.id = id
        self.name = name
        self.role = role
        self.created = created
        self.expires = expires
        self.digest = digest
        self.revoked = revoked
    }

    /// The name of the role, for lists: one of ``CredentialRole`` or `server`.
    package var roleName: String { role?.rawValue ?? CredentialRecord.roleServer }

    /// What the register calls the role of a scheduler's own certificate.
    package static let roleServer = "server"

    /// Why it is not accepted; nil while it is.
    package func refusal(now: Timestamp) -> CredentialRefusal? {
        if revoked != nil { return .revoked(kind, name: name) }
        if let expires, expires <= now { return .expired(kind, name: name) }
        return nil
    }
}
