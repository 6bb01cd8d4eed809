// SPDX-License-Identifier: Apache-2.0
// Reelwork: roles as people write them

import ReelworkRPC

/// Roles as people write them.
enum RoleText {
    /// Why a text is no role.
    static func problem(of text: String, isCertificate: Bool) -> String {
        if text == "admin" {
            return "--role admin: administration goes over the admin socket only, where the kernel "
                + "says who asks; log in on the scheduler's machine for it"
        }
        if text == CredentialRecord.roleServer {
            return "--role server: a scheduler needs a certificate; use `reelwork auth cert`"
        }
        let names = CredentialRole.allCases.map(\.rawValue)
        let all = isCertificate ? [CredentialRecord.roleServer] + names : names
        return "--role \(text): write one of \(all.joined(separator: ", "))"
    }
}
