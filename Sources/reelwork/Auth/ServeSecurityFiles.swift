// SPDX-License-Identifier: Apache-2.0
// Reelwork: the files of a scheduler's TLS

import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// The files of a scheduler's TLS.
struct ServeSecurityFiles: Sendable {
    var certificate: String
    var key: String
    /// Whose client certificates are taken; nil = none, tokens only.
    var authorities: String?

    /// What changes when one of them does.
    var identities: [FileFacts?] {
        [certificate, key, authorities ?? ""].map { RegisterFile.identity($0) }
    }

    /// Soon enough to make a new certificate before the fleet is cut off.
    private static let noticeTime = Duration.seconds(14 * 86_400)

    /// What is to be said of the certificate's end; nil while it is far.
    func warning(now: Timestamp) -> String? {
        guard let text = try? AuthFolder.text(certificate, isSecret: false),
            let end = CertificateReader.end(pem: text)
        else { return nil }
        let left = end.milliseconds - now.milliseconds
        guard left < ServeSecurityFiles.noticeTime.wholeMilliseconds else { return nil }
        let verb = left <= 0 ? "expired" : "expires"
        return "\(certificate) \(verb) at \(end.text): make a new one with `reelwork auth cert`, "
            + "it is taken up without a restart"
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
