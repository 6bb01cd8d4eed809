// SPDX-License-Identifier: Apache-2.0
// Reelwork: a call to the file system that failed

import Glibc

/// A call to the file system that failed.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, such as `open`.
    package var call: String
    /// What it was about.
    package var path: String
    /// The system's number (errno(3)).
    package var code: Int32

    /// Makes an error.
    package init(_ call: String, _ path: String, _ code: Int32) {
        self.call = call
        self.path = path
        self.code = code
    }

    /// The system's words for the number.
    package var reason: String { FileError.words(code) }

    /// Call, path and reason in one line.
    package var description: String { "\(call) \(path): \(reason)" }

    /// Whether space, quota or descriptors ran out.
    package var isResource: Bool {
        [ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EFBIG].contains(code)
    }

    /// The words for a number (strerror_r(3)).
    static func words(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "error \(code)" : String(decoding: bytes, as: UTF8.self)
    }
}
