// SPDX-License-Identifier: Apache-2.0
// Reelwork: no private key lies in the tree

import Foundation

/// Whether a file holds a private key: PEM by its words, DER by its first bytes.
enum SecretRule {
    /// What follows `-----BEGIN ` in a private key, whatever its kind; put together here, so that
    /// this file holds none.
    private static let words = "PRIVATE " + "KEY-----"

    /// The kinds of `-----BEGIN x PRIVATE KEY-----`.
    static let kinds = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", "ED25519 "]

    /// Endings that are for keys alone.
    static let endings = [
        ".key", ".p12", ".pfx", ".jks", ".ppk", "id_rsa", "id_ecdsa", "id_ed25519",
    ]

    /// A private key of a kind, as a text to plant.
    static func planted(_ kind: String) -> String {
        "-----BEGIN " + kind + words + "\nMC4CAQAwBQYDK2VwBCIEIA==\n"
    }

    /// Why a file may not be in the tree; nil where it may.
    static func breach(path: String, _ bytes: Data) -> String? {
        if endings.contains(where: path.lowercased().hasSuffix) { return "is named like a key" }
        if bytes.range(of: Data(words.utf8)) != nil {
            let text = String(decoding: bytes, as: UTF8.self)
            // The line that begins a key, not one that looks for it.
            let isKey = text.split(whereSeparator: \.isNewline).contains { line in
                let rest = line.drop { $0 == " " || $0 == "\"" }
                return rest.hasPrefix("-----BEGIN ") && rest.contains(words)
            }
            if isKey { return "holds a private key" }
        }
        // PKCS#8: SEQUENCE, version 0, SEQUENCE of an algorithm (RFC 5958, section 2).
        let start = [UInt8](bytes.prefix(16))
        guard start.count == 16, start[0] == 0x30 else { return nil }
        let lengthBytes = start[1] < 0x80 ? 1 : 1 + Int(start[1] & 0x7F)
        let body = start.dropFirst(1 + lengthBytes)
        return body.starts(with: [0x02, 0x01, 0x00, 0x30]) ? "holds a private key (DER)" : nil
    }
}
