// SPDX-License-Identifier: Apache-2.0
// Reelwork: the programs that the tests start

import Foundation

/// The programs that the tests start.
enum Programs {
    /// A program that was built beside the running tests.
    static func path(_ name: String) throws -> String {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        for start in [own ?? "", CommandLine.arguments.first ?? ""] {
            let path = URL(fileURLWithPath: start).deletingLastPathComponent().path + "/" + name
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw ProgramMissing(name: name)
    }

    /// A program of the system, in PATH.
    static func systemPath(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/bin")
            .split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// A program that was not built.
struct ProgramMissing: Error, CustomStringConvertible {
    var name: String

    var description: String { "\(name) does not stand beside the tests; build it first" }
}
