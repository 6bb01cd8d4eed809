// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a server's TCP sockets are protected.

internal import NIOSSL

/// How a server's TCP sockets are protected, and who knows whom it may let in.
package struct ServerSecurity: Sendable {
    let context: NIOSSLContext
    let authority: any PeerAuthority

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - certificate: PEM, the server's own first, then those between it and the authority.
    ///   - key: PEM; a file that others may read is refused.
    ///   - authorities: PEM, whose certificates clients may show; nil = tokens only.
    ///   - authority: who knows the holders of certificates and tokens.
    /// - Throws: a file that is missing, open to others, or does not belong to the others.
    package init(
        certificate: String,
        key: String,
        authorities: String?,
        authority: any PeerAuthority
    ) throws(RPCError) {
        context = try TLSContexts.server(
            certificate: certificate,
            key: key,
            authorities: authorities
        )
        self.authority = authority
    }
}
