// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a credential is not accepted.

internal import ReelworkCore
package import ReelworkWire

/// Why a credential is not accepted.
///
/// A text tells what a wrong one lacks only to those who hold its secret.
package enum CredentialRefusal: Error, Hashable, Sendable {
    /// Not in the register, or its secret is wrong.
    case unknown(CredentialKind)
    /// Taken back.
    case revoked(CredentialKind, name: String)
    /// Its time is over.
    case expired(CredentialKind, name: String)
    /// A certificate that names no role, or that cannot be read.
    case unfit(String)

    /// For the peer.
    package var message: ErrorMessage {
        ErrorMessage(.authFailed, detail: words)
    }

    /// What is wrong and what to do.
    package var words: String {
        switch self {
        case .unknown(let kind): "this \(kind.noun) is not known here; ask for a new one"
        case .revoked(let kind, let name):
            "the \(kind.noun) of \(name) was revoked; ask for a new one"
        case .expired(let kind, let name):
            "the \(kind.noun) of \(name) has expired; ask for a new one"
        case .unfit(let words): words
        }
    }
}

extension CredentialKind {
    /// For people.
    package var noun: String {
        switch self {
        case .certificate: "certificate"
        case .token: "token"
        }
    }
}
