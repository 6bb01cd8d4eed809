// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a client protects its way over TCP.

internal import NIOSSL

/// How a client protects its way over TCP, and how it proves who it is.
///
/// The files are read at each connecting, so that renewed ones are taken up.
package struct ClientSecurity: Hashable, Sendable {
    /// PEM: who may have made the server's certificate.
    package var authorities: String
    /// PEM: the client's own certificate; needs ``key``.
    package var certificate: String?
    /// PEM: the key of ``certificate``.
    package var key: String?
    /// A file that holds a token.
    package var tokenFile: String?
    /// The name that must stand in the server's certificate; nil = the host that is connected to.
    package var serverName: String?

    /// Names the files.
    package init(
        authorities: String,
        certificate: String? = nil,
        key: String? = nil,
        tokenFile: String? = nil,
        serverName: String? = nil
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
        self.tokenFile = tokenFile
        self.serverName = serverName
    }

    /// What the files hold.
    struct Loaded: Sendable {
        var context: NIOSSLContext
        var token: [UInt8]?
    }

    /// Reads the files.
    func load() throws(RPCError) -> Loaded {
        guard (certificate == nil) == (key == nil) else {
            throw RPCError(
                .credentials,
                "a client certificate needs its key and a key its certificate; name both"
            )
        }
        var token: [UInt8]?
        if let tokenFile { token = try SecretFile.token(tokenFile) }
        let context = try TLSContexts.client(
            authorities: authorities,
            certificate: certificate,
            key: key
        )
        return Loaded(context: context, token: token)
    }

    /// Checks that the files are there and fit.
    package func check() throws(RPCError) {
        _ = try load()
    }
}
