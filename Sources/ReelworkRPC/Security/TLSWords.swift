// SPDX-License-Identifier: Apache-2.0
// Reelwork: what went wrong in TLS, for people.

internal import NIOSSL

/// What went wrong in TLS, for people.
enum TLSWords {
    /// What a client without TLS is told that came to a socket with it.
    static let isMissing =
        "the scheduler speaks TLS there; give --tls-ca with its ca.pem, and a certificate or token"

    /// What an error of TLS means; nil where it is none, or only the end of a connection.
    static func words(for error: any Error) -> String? {
        switch error {
        case is PlainBytesError: "bytes without TLS came on a socket that speaks TLS"
        case let error as NIOSSLError: words(error)
        case let error as NIOSSLExtraError: words(error)
        case let error as BoringSSLError: words("\(error)")
        case _: nil
        }
    }

    private static func words(_ error: NIOSSLError) -> String? {
        switch error {
        case .handshakeFailed(let cause): words("\(cause)")
        case .uncleanShutdown, .writeDuringTLSShutdown, .readInInvalidTLSState, .shutdownFailed:
            nil
        case .unableToAllocateBoringSSLObject, .noSuchFilesystemObject, .failedToLoadCertificate,
            .failedToLoadPrivateKey, .cannotMatchULabel, .noCertificateToValidate,
            .unableToValidateCertificate, .cannotFindPeerIP:
            words("\(error)")
        }
    }

    private static func words(_ error: NIOSSLExtraError) -> String {
        guard error == .failedToValidateHostname else { return "TLS failed: \(error)" }
        return "the server's certificate is for another host; connect by a name that stands in it, "
            + "or give --tls-name (\(error))"
    }

    /// The first of these that stands in BoringSSL's text tells what it was.
    private static let table: [(String, String)] = [
        (
            "ALERT_CERTIFICATE_EXPIRED",
            "the peer refuses this side's certificate: it has expired; make a new one with "
                + "`reelwork auth cert`"
        ),
        (
            "ALERT_CERTIFICATE_REVOKED",
            "the peer refuses this side's certificate: it was revoked"
        ),
        (
            "ALERT_UNKNOWN_CA",
            "the peer does not know the authority of this side's certificate; use one that its CA "
                + "has made"
        ),
        (
            "ALERT_DECRYPT_ERROR",
            "the peer refuses this side's certificate: not its own authority has signed it; use "
                + "one that its CA has made"
        ),
        (
            "ALERT_BAD_CERTIFICATE", "the peer refuses this side's certificate as malformed"
        ),
        (
            "ALERT_UNSUPPORTED_CERTIFICATE",
            "the peer refuses this side's certificate: it is for another use"
        ),
        ("ALERT_CERTIFICATE_REQUIRED", "the peer wants a certificate"),
        ("ALERT_PROTOCOL_VERSION", "the peer does not speak TLS 1.3"),
        ("UNSUPPORTED_PROTOCOL", "the peer does not speak TLS 1.3"),
        ("WRONG_VERSION_NUMBER", "what answers there does not speak TLS"),
        ("HTTP_REQUEST", "what came was HTTP and no TLS"),
        ("EOF during handshake", "the peer closed before TLS was up; does it speak TLS there?"),
    ]

    /// What BoringSSL says, in this program's words and with its own behind them.
    private static func words(_ text: String) -> String {
        let upper = text.uppercased()
        if upper.contains("CERTIFICATE_VERIFY_FAILED") {
            return "the peer's certificate is not to be trusted: it has expired, or another "
                + "authority than that of --tls-ca has made it (\(reason(text)))"
        }
        for (mark, words) in table where upper.contains(mark.uppercased()) {
            return "\(words) (\(reason(text)))"
        }
        return "TLS failed (\(reason(text)))"
    }

    /// BoringSSL's reason without its number and the place in its sources.
    private static func reason(_ text: String) -> String {
        let mark = "OPENSSL_internal:"
        guard let start = text.firstRange(of: mark)?.upperBound else { return text }
        return String(text[start...].prefix { $0 != " " })
    }
}
