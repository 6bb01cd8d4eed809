// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads client certificates

import Foundation
import ReelworkCore
import ReelworkRPC
import SwiftASN1
import X509

/// Reads whose a client certificate is.
enum CertificateReader {
    /// Whose certificate this is (DER); the TLS layer has checked that the authority made it.
    static func identity(_ bytes: [UInt8]) throws(CredentialRefusal) -> PeerIdentity {
        let certificate: Certificate
        do {
            certificate = try Certificate(derEncoded: bytes)
        } catch {
            throw .unfit("the certificate cannot be read: \(error)")
        }
        return try identity(certificate)
    }

    /// Whose certificate stands first in a file (PEM).
    static func identity(pem text: String) throws(CredentialRefusal) -> PeerIdentity {
        guard let certificate = first(pem: text) else {
            throw .unfit("the file holds no certificate in PEM")
        }
        return try identity(certificate)
    }

    private static func identity(
        _ certificate: Certificate
    ) throws(CredentialRefusal) -> PeerIdentity {
        let names: SubjectAlternativeNames?
        do {
            names = try certificate.extensions.subjectAlternativeNames
        } catch {
            throw .unfit("the certificate cannot be read: \(error)")
        }
        var claims: [CertificateClaim] = []
        for name in names ?? SubjectAlternativeNames() {
            guard case .uniformResourceIdentifier(let uri) = name,
                uri.hasPrefix(CertificateClaim.scheme)
            else { continue }
            guard let claim = CertificateClaim(uri: uri) else {
                throw .unfit("the certificate names a role or a name that is unknown here")
            }
            claims.append(claim)
        }
        guard claims.count == 1, let claim = claims.first else {
            throw .unfit(
                "the certificate names \(claims.count) roles instead of one; make it with "
                    + "`reelwork auth cert --role`"
            )
        }
        return PeerIdentity(
            kind: .certificate,
            credential: serial(certificate),
            name: claim.name,
            role: claim.role,
            expires: timestamp(certificate.notValidAfter)
        )
    }

    /// When the first certificate of a file (PEM) is over; nil where there is none.
    static func end(pem text: String) -> Timestamp? {
        first(pem: text).map { timestamp($0.notValidAfter) }
    }

    private static func first(pem text: String) -> Certificate? {
        guard let document = try? PEMDocument.parseMultiple(pemString: text).first else {
            return nil
        }
        return try? Certificate(pemDocument: document)
    }

    /// The serial number, as the register and other tools write it.
    static func serial(_ certificate: Certificate) -> String {
        HexText.text(certificate.serialNumber.bytes.drop { $0 == 0 })
    }

    static func timestamp(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }
}
