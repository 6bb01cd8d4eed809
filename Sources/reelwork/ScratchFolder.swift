// SPDX-License-Identifier: Apache-2.0
// Reelwork: a folder for the time of a command

import Foundation

/// A private folder for the time of a command (mkdtemp(3)).
enum ScratchFolder {
    /// Makes a folder whose path begins with `TMPDIR`, or `/tmp`.
    static func make() throws(CommandFailure) -> String {
        let base = Environment.value("TMPDIR") ?? "/tmp"
        var template = Array("\(base)/reelwork-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard isMade else {
            throw CommandFailure(
                "cannot make a folder in \(base): \(String(cString: strerror(errno)))",
                advice: "set TMPDIR to a folder that may be written"
            )
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes it with all that is in it.
    static func remove(_ folder: String) {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Makes one, and removes it in the end.
    static func with<Value>(
        _ body: (String) async throws -> Value
    ) async throws -> Value {
        let folder = try make()
        defer { remove(folder) }
        return try await body(folder)
    }
}
