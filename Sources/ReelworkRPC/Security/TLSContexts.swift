// SPDX-License-Identifier: Apache-2.0
// Reelwork: how TLS is set up on both sides.

internal import NIOCore
internal import NIOSSL
internal import ReelworkCore

/// How TLS is set up on both sides: 1.3 alone, ALPN `reelwork/1`, and no trust but the one named.
enum TLSContexts {
    /// The protocol in ALPN (RFC 7301).
    static let applicationProtocol = "reelwork/1"

    private static let closeTime = TimeAmount.nanoseconds(Limits.tlsCloseTime.wholeNanoseconds)

    /// A scheduler's side; without authorities no client is asked for a certificate.
    ///
    /// The system's authorities are never trusted with clients: whoever has a certificate for some
    /// web server would be let in.
    static func server(
        certificate: String,
        key: String,
        authorities: String?
    ) throws(RPCError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain(certificate),
            privateKey: try self.key(key)
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        configuration.applicationProtocols = [applicationProtocol]
        configuration.shutdownTimeout = closeTime
        if let authorities {
            configuration.trustRoots = .certificates(try certificates(authorities))
            configuration.certificateVerification = .optionalVerification
        } else {
            configuration.trustRoots = .certificates([])
            configuration.certificateVerification = .none
        }
        return try context(configuration, certificate, key)
    }

    /// A client's side.
    static func client(
        authorities: String,
        certificate: String?,
        key: String?
    ) throws(RPCError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        configuration.applicationProtocols = [applicationProtocol]
        configuration.shutdownTimeout = closeTime
        configuration.trustRoots = .certificates(try certificates(authorities))
        configuration.certificateVerification = .fullVerification
        if let certificate, let key {
            configuration.certificateChain = try chain(certificate)
            configuration.privateKey = try self.key(key)
        }
        return try context(configuration, certificate ?? authorities, key ?? authorities)
    }

    // MARK: - Files

    private static func chain(_ path: String) throws(RPCError) -> [NIOSSLCertificateSource] {
        try certificates(path).map { .certificate($0) }
    }

    private static func certificates(_ path: String) throws(RPCError) -> [NIOSSLCertificate] {
        let bytes = try SecretFile.read(path, isSecret: false)
        do {
            let found = try NIOSSLCertificate.fromPEMBytes(bytes)
            if !found.isEmpty { return found }
        } catch {
            throw noCertificate(path, "\(error)")
        }
        throw noCertificate(path, "the file holds none")
    }

    private static func noCertificate(_ path: String, _ cause: String) -> RPCError {
        RPCError(
            .credentials,
            "`\(path)` holds no certificate in PEM; make one with `reelwork auth cert`",
            cause: cause
        )
    }

    private static func key(_ path: String) throws(RPCError) -> NIOSSLPrivateKeySource {
        let bytes = try SecretFile.read(path, isSecret: true)
        do {
            return .privateKey(try NIOSSLPrivateKey(bytes: bytes, format: .pem))
        } catch {
            throw RPCError(
                .credentials,
                "`\(path)` holds no private key in PEM; name the key that was made with the "
                    + "certificate",
                cause: "\(error)"
            )
        }
    }

    private static func context(
        _ configuration: TLSConfiguration,
        _ certificate: String,
        _ key: String
    ) throws(RPCError) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RPCError(
                .credentials,
                "`\(certificate)` and `\(key)` do not belong together; name the key that was made "
                    + "with the certificate",
                cause: "\(error)"
            )
        }
    }
}
