// SPDX-License-Identifier: Apache-2.0
// Reelwork: the reference client as a child process

import Foundation

/// The reference client of proto-spec, as a child process that reads and writes lines.
enum ReferenceClient {
    /// What it said.
    struct Answer {
        var status: Int32
        var lines: [Substring]
        var errors: String
    }

    /// Runs it with lines on its standard input, to its end.
    ///
    /// Both ways go through files, so that neither side waits for the other.
    static func run(_ arguments: [String], input: String = "") throws -> Answer {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "reelwork-reference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appending(path: $0) }
        try Data(input.utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let program = Vector.folder.appending(path: "reference/rlw.py").path
        process.arguments = ["python3", "-B", program] + arguments
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        let output = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
        return Answer(
            status: process.terminationStatus,
            lines: output.split(separator: "\n"),
            errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
        )
    }
}
