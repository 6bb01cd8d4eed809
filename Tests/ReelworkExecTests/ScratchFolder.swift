// SPDX-License-Identifier: Apache-2.0
// Reelwork: a folder for one test.

import Glibc
import Testing

/// A new folder; it goes with its owner, and so do the files in it.
final class ScratchFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/reelwork-exec-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names() {
            unlink(path + "/" + name)
        }
        rmdir(path)
    }

    func names() -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." {
                names.append(name)
            }
        }
        return names.sorted()
    }

    func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, mode)
        try #require(file >= 0)
        defer { close(file) }
        try #require(Glibc.write(file, text, text.utf8.count) == text.utf8.count)
        return path + "/" + name
    }

    func read(_ name: String) throws -> String {
        let file = open(path + "/" + name, O_RDONLY)
        try #require(file >= 0, "cannot open \(name)")
        let reader = Reader(file)
        return reader.lines().joined(separator: "\n")
    }
}
