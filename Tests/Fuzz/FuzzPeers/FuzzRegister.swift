// SPDX-License-Identifier: Apache-2.0
// Reelwork: the tokens of a fuzzed server, and what each is worth

internal import FuzzKit
internal import ReelworkCore
package import ReelworkRPC
package import ReelworkWire

/// The tokens of a fuzzed server, and what each is worth.
///
/// The server's own register judges them; what it says is compared with this list, in which a
/// token is good by being there, byte for byte.
package enum FuzzRegister {
    /// What becomes of a token.
    package enum Worth: Hashable, Sendable {
        /// It lets its holder in.
        case good
        /// Its time is over.
        case expired
        /// It was taken back.
        case revoked
        /// It is good, and all its connections are there already.
        case crowded
        /// The register does not have it.
        case unknown
    }

    /// A token.
    package struct Token: Sendable {
        /// As it is sent.
        package var text: [UInt8]
        /// Whose it is.
        package var name: String
        /// What it is for.
        package var role: CredentialRole
        /// What becomes of it.
        package var worth: Worth
    }

    /// All of them: an input's byte is an index in this list, so new ones come at its end.
    package static let tokens: [Token] = {
        let kinds: [(String, CredentialRole, Worth)] = [
            ("reader", .reader, .good), ("submitter", .submitter, .good),
            ("operator", .operator, .good), ("worker", .worker, .good),
            ("expired", .operator, .expired), ("revoked", .worker, .revoked),
            ("crowded", .operator, .crowded), ("unknown", .operator, .unknown),
        ]
        return kinds.enumerated().map { index, kind in
            let id = HexText.text((0..<8).map { UInt8($0 + index) })
            let secret = HexText.text((0..<32).map { UInt8($0 * 7 + index) })
            let text = Array("rlw_\(id)_\(secret)".utf8)
            return Token(text: text, name: kind.0, role: kind.1, worth: kind.2)
        }
    }()

    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    private static let book: CredentialBook = {
        var book = CredentialBook()
        for token in tokens where token.worth != .unknown {
            guard let secret = AccessToken(token.text) else {
                Invariant.fail("the token of \(token.name) is none")
            }
            let record = CredentialRecord(
                kind: .token,
                id: secret.id,
                name: token.name,
                role: token.role,
                created: Timestamp(milliseconds: 1),
                expires: token.worth == .expired ? now : nil,
                digest: secret.digest
            )
            Invariant.hold(book.add(record), "the token of \(token.name) is there already")
            if token.worth == .revoked { book.revoke(.token, secret.id, at: now) }
        }
        return book
    }()

    /// What the server finds of an AUTH.
    package static func judge(_ proof: Auth) -> SessionVerdict {
        let truth = tokens.first { $0.text == proof.data }
        let worth = truth?.worth ?? .unknown
        do throws(CredentialRefusal) {
            let found = try book.identity(token: proof.data, now: now)
            Invariant.hold(worth == .good || worth == .crowded, "a token that is \(worth) is good")
            let isWhose = found.name == truth?.name && found.role == truth?.role
            Invariant.hold(isWhose, "the token of \(truth?.name ?? "nobody") is \(found)'s")
            guard worth == .good else { return .rejected(ErrorMessage(.denied, detail: "full")) }
            return .admitted(
                AuthOK(identity: found.description, permissions: found.permissions)
            )
        } catch {
            switch error {
            case .unknown: Invariant.hold(worth == .unknown, "\(worth) is unknown")
            case .expired: Invariant.hold(worth == .expired, "\(worth) is expired")
            case .revoked: Invariant.hold(worth == .revoked, "\(worth) is revoked")
            case .unfit: Invariant.fail("a token is unfit")
            }
            return .rejected(error.message)
        }
    }

    /// Whether bytes hold the end of a secret of this server's.
    package static func tells(_ bytes: [UInt8]) -> Bool {
        tokens.contains { bytes.firstRange(of: $0.text.suffix(16)) != nil }
    }
}
