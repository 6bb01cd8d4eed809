// SPDX-License-Identifier: Apache-2.0
// Reelwork: the two kinds of credential.

/// The two kinds of credential.
package enum CredentialKind: String, CaseIterable, Hashable, Sendable {
    /// A client certificate, shown in the TLS handshake.
    case certificate = "cert"
    /// A secret, sent in AUTH.
    case token
}
