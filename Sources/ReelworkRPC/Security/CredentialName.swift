// SPDX-License-Identifier: Apache-2.0
// Reelwork: whose a credential is.

internal import ReelworkCore

/// The names of credentials: they stand in certificates, files, logs and histories, so they are
/// plain.
package enum CredentialName {
    /// Why a text cannot be a name; nil where it can.
    package static func problem(of text: String) -> String? {
        let most = Limits.credentialNameBytesMax
        guard !text.isEmpty, text.utf8.count <= most else {
            return "a name has 1 to \(most) characters"
        }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            case _: false
            }
        }
        guard isPlain, !text.hasPrefix("."), !text.hasPrefix("-") else {
            return "a name is made of letters, digits, `.`, `_` and `-` and begins with a letter, "
                + "a digit or `_`"
        }
        return nil
    }
}
