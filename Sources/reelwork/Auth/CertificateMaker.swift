// SPDX-License-Identifier: Apache-2.0
// Reelwork: makes an authority and its certificates

import Crypto
import Foundation
import Glibc
import ReelworkCore
import ReelworkRPC
import SwiftASN1
import X509

/// Makes an authority and its certificates (RFC 5280), all with P-256 keys (FIPS 186-5).
struct CertificateMaker {
    /// A certificate and its key, as their files hold them.
    struct Made {
        var certificate: String
        var key: String
        /// The serial number, in lowercase hexadecimal.
        var serial: String
        var expires: Timestamp
    }

    /// Clocks of two machines differ: a certificate is good from a little before it was made.
    static let skew: TimeInterval = 300

    private let authority: Certificate
    private let authorityKey: Certificate.PrivateKey

    /// Takes an authority from its files' texts.
    init(certificate: String, key: String) throws(CommandFailure) {
        do {
            authority = try Certificate(pemEncoded: certificate)
            authorityKey = try Certificate.PrivateKey(pemEncoded: key)
        } catch {
            throw CommandFailure(
                "the authority's certificate or key cannot be read: \(error)",
                advice: "bring ca.pem and ca.key back from a backup, or begin anew in another --dir"
            )
        }
        guard authorityKey.publicKey == authority.publicKey else {
            throw CommandFailure(
                "ca.pem and ca.key do not belong together",
                advice: "bring both back from one backup"
            )
        }
    }

    /// Makes an authority.
    static func authority(
        name: String,
        from: Date,
        lasting: Duration
    ) throws(CommandFailure) -> Made {
        try made { () throws in
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let subject = try DistinguishedName {
                CommonName(name)
            }
            let serial = Certificate.SerialNumber()
            let end = whole(from.addingTimeInterval(lasting.seconds))
            let certificate = try Certificate(
                version: .v3,
                serialNumber: serial,
                publicKey: key.publicKey,
                notValidBefore: from.addingTimeInterval(-skew),
                notValidAfter: end,
                issuer: subject,
                subject: subject,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                },
                issuerPrivateKey: key
            )
            return try Made(certificate, key, end)
        }
    }

    /// Makes the certificate of a worker or of another client.
    func client(
        _ claim: CertificateClaim,
        from: Date,
        lasting: Duration
    ) throws(CommandFailure) -> Made {
        try issue(
            claim.name,
            [.uniformResourceIdentifier(claim.uri)],
            .clientAuth,
            from,
            lasting
        )
    }

    /// Makes the certificate of a scheduler, for the hosts that it is reached by.
    func server(
        name: String,
        hosts: [String],
        from: Date,
        lasting: Duration
    ) throws(CommandFailure) -> Made {
        let names = hosts.map { host in
            CertificateMaker.address(host).map { .ipAddress(ASN1OctetString(contentBytes: $0)) }
                ?? GeneralName.dnsName(host)
        }
        return try issue(name, names, .serverAuth, from, lasting)
    }

    private func issue(
        _ name: String,
        _ names: [GeneralName],
        _ use: ExtendedKeyUsage.Usage,
        _ from: Date,
        _ lasting: Duration
    ) throws(CommandFailure) -> Made {
        try CertificateMaker.made { () throws in
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let named = try authority.extensions.subjectKeyIdentifier
            let issuer = (named ?? SubjectKeyIdentifier(hash: authority.publicKey)).keyIdentifier
            let end = min(
                CertificateMaker.whole(from.addingTimeInterval(lasting.seconds)),
                authority.notValidAfter
            )
            let certificate = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: key.publicKey,
                notValidBefore: from.addingTimeInterval(-CertificateMaker.skew),
                notValidAfter: end,
                issuer: authority.subject,
                subject: try DistinguishedName {
                    CommonName(name)
                },
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([use])
                    SubjectAlternativeNames(names)
                    SubjectKeyIdentifier(hash: key.publicKey)
                    // Strict verifiers want it (RFC 5280, section 4.2.1.1).
                    AuthorityKeyIdentifier(keyIdentifier: issuer)
                },
                issuerPrivateKey: authorityKey
            )
            return try Made(certificate, key, end)
        }
    }

    private static func made(_ body: () throws -> Made) throws(CommandFailure) -> Made {
        do {
            return try body()
        } catch {
            throw CommandFailure("the certificate could not be made: \(error)")
        }
    }

    /// The second that a moment lies in: X.509 has no smaller ones (RFC 5280, section 4.1.2.5), and
    /// what is told of a certificate must be what it says.
    private static func whole(_ date: Date) -> Date {
        Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    }

    /// The bytes of an address; nil where a host is a name.
    static func address(_ host: String) -> ArraySlice<UInt8>? {
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            return withUnsafeBytes(of: &four) { Array($0)[...] }
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, host, &six) == 1 else { return nil }
        return withUnsafeBytes(of: &six) { Array($0)[...] }
    }
}

extension CertificateMaker.Made {
    init(_ certificate: Certificate, _ key: Certificate.PrivateKey, _ end: Date) throws {
        self.init(
            certificate: try certificate.serializeAsPEM().pemString + "\n",
            key: try key.serializeAsPEM().pemString + "\n",
            serial: CertificateReader.serial(certificate),
            expires: CertificateReader.timestamp(end)
        )
    }
}
