// SPDX-License-Identifier: Apache-2.0
// Reelwork: what lies beneath a client's session.

internal import Glibc
internal import NIOSSL

/// What lies beneath a client's session: a Unix socket, plain TCP on loopback, or TLS.
struct ClientTransport: Sendable {
    /// What proves who the client is, where it is asked.
    let token: [UInt8]?
    private let context: NIOSSLContext?
    /// The host as TLS wants it; nil for an address, which is compared with that of the socket.
    private let serverName: String?

    /// Whether TLS protects what is sent.
    var isSecured: Bool { context != nil }

    /// Reads what an endpoint needs, and refuses TCP that nothing would protect.
    init(_ endpoint: RPCEndpoint, _ security: ClientSecurity?) throws(RPCError) {
        guard case .tcp(let host, _) = endpoint else {
            token = nil
            context = nil
            serverName = nil
            return
        }
        guard let security else {
            guard ClientTransport.isLoopback(host) else {
                throw RPCError(
                    .addressDenied,
                    "\(endpoint) is another machine and nothing would protect the way there; give "
                        + "--tls-ca with the scheduler's ca.pem, and a certificate or a token"
                )
            }
            token = nil
            context = nil
            serverName = nil
            return
        }
        let loaded = try security.load()
        token = loaded.token
        context = loaded.context
        let name = security.serverName ?? host
        guard name == host || !ClientTransport.isAddress(name) else {
            throw RPCError(
                .credentials,
                "\(name) is an address, and the certificate's name cannot be checked against one "
                    + "that is not connected to; name a host"
            )
        }
        serverName = ClientTransport.isAddress(name) ? nil : name
    }

    /// The TLS of one connection; nil where there is none.
    func handler() throws -> NIOSSLClientHandler? {
        guard let context else { return nil }
        return try NIOSSLClientHandler(context: context, serverHostname: serverName)
    }

    /// Whether a host is an address (inet_pton(3)), which SNI cannot name (RFC 6066, 3).
    private static func isAddress(_ host: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
    }

    /// Whether a host is this machine alone; no name but localhost is looked up for that.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            return UInt32(bigEndian: four.s_addr) >> 24 == 127
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        return withUnsafeBytes(of: &six) { bytes in
            bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        }
    }
}
