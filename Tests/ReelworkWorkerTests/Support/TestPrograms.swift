// SPDX-License-Identifier: Apache-2.0
// Reelwork: the programs that tests start

import Foundation

/// The programs that were built beside the tests.
enum TestPrograms {
    /// The path of a program; nil where it was not built.
    static func path(_ name: String) -> String? {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        for start in [own ?? "", CommandLine.arguments.first ?? ""] {
            let folder = URL(fileURLWithPath: start).deletingLastPathComponent().path
            let path = folder + "/" + name
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return nil
    }

    /// Puts the fake engine first in a PATH, as `ffmpeg` and `ffprobe`.
    static func fakeEnginePath(in folder: TestFolder) throws -> String {
        let bin = folder.path + "/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        for name in ["ffmpeg", "ffprobe"]
        where !FileManager.default.fileExists(atPath: bin + "/" + name) {
            try FileManager.default.createSymbolicLink(
                atPath: bin + "/" + name,
                withDestinationPath: path("reelwork-fake-engine") ?? "/nonexistent"
            )
        }
        return bin + ":/usr/bin:/bin"
    }
}
