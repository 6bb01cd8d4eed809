// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a worker keeps its files

/// Where a worker keeps its files: a folder of its own for each worker name.
package struct StateFolder: Hashable, Sendable {
    /// The folder.
    package let path: String

    /// Names the folder of a worker within the scratch folder; it is not made.
    package init(scratch: String, worker: String) {
        path = scratch + "/" + StateFolder.fileName(worker)
    }

    /// The lock that makes one agent a folder.
    package var lock: String { path + "/worker.pid" }
    /// The ledger's file.
    package var ledger: String { path + "/ledger" }
    /// The spool's folder.
    package var spool: String { path + "/spool" }
    /// The folder of the attempts' scratch folders.
    package var attempts: String { path + "/attempts" }
    /// The folder that probes run in.
    package var probe: String { path + "/probe" }

    /// The scratch folder of an attempt.
    package func scratch(_ key: AttemptKey) -> String {
        attempts + "/\(key.id)-\(key.origin)"
    }

    /// A worker's name as a file name: other bytes than letters, digits, `-`, `_` and inner dots
    /// stand as `%XX`, so that no name leads elsewhere and no two names meet.
    static func fileName(_ worker: String) -> String {
        var text = ""
        for byte in worker.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where !text.isEmpty:
                text += "."
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        // A name of a file has at most 255 bytes (NAME_MAX); escapes triple a worker's name.
        guard text.utf8.count > 200 else { return text }
        let digest = FileSum.checksum(of: Array(worker.utf8))
        return text.prefix(180) + "%" + String(digest, radix: 16)
    }
}
