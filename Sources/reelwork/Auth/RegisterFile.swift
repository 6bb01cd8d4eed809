// SPDX-License-Identifier: Apache-2.0
// Reelwork: the register as a file

import Foundation
import ReelworkSystem

/// The register as a file: read whole, and told from a newer one by its identity.
enum RegisterFile {
    /// What changes when the file does, as it is never written in place, always renamed to; nil
    /// where there is none.
    static func identity(_ path: String) -> FileFacts? { FileFacts.of(path) }

    /// Its text.
    static func text(_ path: String) throws(CommandFailure) -> String {
        do {
            return String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: path)),
                as: UTF8.self
            )
        } catch {
            throw CommandFailure(
                "cannot read \(path): \(error.localizedDescription)",
                advice: "check that this user may read it"
            )
        }
    }
}
