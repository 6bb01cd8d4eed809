// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a client protects its way over TCP.

internal import ReelworkRPC

/// How a client protects its way over TCP (TLS 1.3), and how it proves who it is.
///
/// It has a certificate or a token; where it has both, it shows the certificate.
///
/// `reelwork auth` makes all of these files. They are read at each connecting, so that renewed ones
/// are taken up.
public struct ReelworkSecurity: Hashable, Sendable {
    /// PEM: the authority that has made the scheduler's certificate, `ca.pem`.
    public var authoritiesFile: String
    /// PEM: the client's own certificate; needs ``keyFile``.
    public var certificateFile: String?
    /// PEM: the key of ``certificateFile``.
    public var keyFile: String?
    /// A file that holds a token.
    public var tokenFile: String?
    /// The name that must stand in the scheduler's certificate; nil = the host of the endpoint.
    public var serverName: String?

    /// Names the files.
    public init(
        authoritiesFile: String,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        tokenFile: String? = nil,
        serverName: String? = nil
    ) {
        self.authoritiesFile = authoritiesFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.tokenFile = tokenFile
        self.serverName = serverName
    }

    var rpc: ClientSecurity {
        ClientSecurity(
            authorities: authoritiesFile,
            certificate: certificateFile,
            key: keyFile,
            tokenFile: tokenFile,
            serverName: serverName
        )
    }
}
