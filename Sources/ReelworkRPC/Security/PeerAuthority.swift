// SPDX-License-Identifier: Apache-2.0
// Reelwork: who knows who a peer is.

/// Knows who a peer is; asked on event loops, so it must not wait.
package protocol PeerAuthority: Sendable {
    /// Whose client certificate this is (DER); the TLS layer has checked chain, dates and use.
    func identity(certificate: [UInt8]) throws(CredentialRefusal) -> PeerIdentity

    /// Whose token this is.
    func identity(token: [UInt8]) throws(CredentialRefusal) -> PeerIdentity

    /// Why an identity that was good is no longer; nil while it is.
    func refusal(of identity: PeerIdentity) -> CredentialRefusal?
}
