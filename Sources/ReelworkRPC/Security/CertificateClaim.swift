// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a client certificate claims.

/// What a client certificate claims: one URI among its subject alternative names,
/// `reelwork:ROLE/NAME`, such as `reelwork:worker/encoder-7`.
package struct CertificateClaim: Hashable, Sendable {
    /// The scheme of the URI.
    package static let scheme = "reelwork:"

    /// Whose it is.
    package var name: String
    /// What it is for.
    package var role: CredentialRole

    /// Describes a claim.
    package init(name: String, role: CredentialRole) {
        self.name = name
        self.role = role
    }

    /// Reads a URI; nil where it is another's, or its role or name is none.
    package init?(uri: String) {
        guard uri.hasPrefix(CertificateClaim.scheme) else { return nil }
        let rest = uri.dropFirst(CertificateClaim.scheme.count)
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let role = CredentialRole(rawValue: String(parts[0])) else {
            return nil
        }
        let name = String(parts[1])
        guard CredentialName.problem(of: name) == nil else { return nil }
        self.init(name: name, role: role)
    }

    /// As it stands in the certificate.
    package var uri: String { "\(CertificateClaim.scheme)\(role.rawValue)/\(name)" }
}
