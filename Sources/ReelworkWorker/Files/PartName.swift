// SPDX-License-Identifier: Apache-2.0
// Reelwork: the name of a part

import ReelworkCore

/// The name of a part: `.reelwork-<job uuid>-<attempt>.part`, in the folder of the output.
struct PartName: Hashable, Sendable {
    /// The job and the attempt that the run was started as.
    var key: AttemptKey

    /// The part of a run.
    init(_ key: AttemptKey) {
        self.key = key
    }

    /// Reads a file's name; nil where it is not that of a part.
    init?(_ text: String) {
        let (head, tail) = (".reelwork-", ".part")
        guard text.hasPrefix(head), text.hasSuffix(tail),
            text.utf8.count > head.utf8.count + tail.utf8.count + 37
        else { return nil }
        let middle = text.utf8.dropFirst(head.utf8.count).dropLast(tail.utf8.count)
        guard let id = JobID(String(decoding: middle.prefix(36), as: UTF8.self)),
            middle.dropFirst(36).first == UInt8(ascii: "-"),
            let origin = UInt32(String(decoding: middle.dropFirst(37), as: UTF8.self))
        else { return nil }
        key = AttemptKey(id: id, origin: AttemptNumber(origin))
        guard self.text == text else { return nil }
    }

    /// The name.
    var text: String { ".reelwork-\(key.id)-\(key.origin).part" }
}
