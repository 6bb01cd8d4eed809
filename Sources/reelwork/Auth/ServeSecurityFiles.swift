// SPDX-License-Identifier: Apache-2.0
// Reelwork: the files of a scheduler's TLS

import ReelworkRPC

/// The files of a scheduler's TLS.
struct ServeSecurityFiles: Sendable {
    var certificate: String
    var key: String
    /// Whose client certificates are taken; nil = none, tokens only.
    var authorities: String?

    /// What changes when one of them does.
    var identities: [RegisterFile.Identity?] {
        [certificate, key, authorities ?? ""].map { RegisterFile.identity($0) }
    }

    /// Reads them.
    func security(_ authority: FolderAuthority) throws(CommandFailure) -> ServerSecurity {
        do {
            return try ServerSecurity(
                certificate: certificate,
                key: key,
                authorities: authorities,
                authority: authority
            )
        } catch {
            throw CommandFailure(credentials: error)
        }
    }
}
