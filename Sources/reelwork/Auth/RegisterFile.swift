// SPDX-License-Identifier: Apache-2.0
// Reelwork: the register as a file

import Foundation
import Glibc

/// The register as a file: read whole, and told from a newer one by its identity.
enum RegisterFile {
    /// What changes when the file does: it is never written in place, always renamed to.
    struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    /// The file as it is now; nil where there is none.
    static func identity(_ path: String) -> Identity? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Identity(
            device: UInt64(facts.st_dev),
            inode: UInt64(facts.st_ino),
            size: Int64(facts.st_size),
            seconds: facts.st_mtim.tv_sec,
            nanoseconds: facts.st_mtim.tv_nsec
        )
    }

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
