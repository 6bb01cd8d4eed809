// SPDX-License-Identifier: Apache-2.0
// Reelwork: access tokens.

internal import Crypto
internal import ReelworkCore

/// A secret that proves who a peer is: `rlw_ID_SECRET`, both in lowercase hexadecimal.
///
/// The id (8 bytes) finds the line in the register and is no secret; the secret (32 bytes) is
/// random. The register holds the secret's SHA-256 alone: nobody can guess 256 random bits, so
/// neither salt nor a slow hash would add anything, and an event loop can check it.
package struct AccessToken: Sendable {
    /// Names it in registers and lists.
    package let id: String
    private let secret: [UInt8]

    private static let prefix = "rlw_"
    /// Bytes of a secret.
    static let secretBytes = 32
    private static let idBytes = 8

    /// Makes one from the system's random numbers (getrandom(2)).
    package init() {
        var random = SystemRandomNumberGenerator()
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        }
        id = HexText.text(bytes(AccessToken.idBytes))
        secret = bytes(AccessToken.secretBytes)
    }

    /// Reads what a peer sent or a file holds; nil where it is none.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Limits.tokenBytesMax,
            let text = String(validating: bytes, as: UTF8.self),
            text.hasPrefix(AccessToken.prefix)
        else { return nil }
        let parts = text.dropFirst(AccessToken.prefix.count)
            .split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == AccessToken.idBytes * 2,
            HexText.bytes(parts[0]) != nil, let secret = HexText.bytes(parts[1]),
            secret.count == AccessToken.secretBytes
        else { return nil }
        id = String(parts[0])
        self.secret = secret
    }

    /// The whole of it: shown once, sent in AUTH, and stored by its holder alone.
    package var text: String { "\(AccessToken.prefix)\(id)_\(HexText.text(secret))" }

    /// What the register holds: SHA-256 of the secret.
    package var digest: [UInt8] { Array(SHA256.hash(data: secret)) }

    /// Whether two digests are equal, in a time that depends on their length alone.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}
