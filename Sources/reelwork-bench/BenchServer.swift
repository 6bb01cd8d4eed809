// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler of its own process

import Foundation
import ReelworkCore
import ReelworkRPC

/// A scheduler in a process of its own: `reelwork serve`, found beside this program.
struct BenchServer {
    let endpoint: RPCEndpoint
    let admin: RPCEndpoint
    let process: Process
    private let folder: URL

    /// Starts it and waits until it says that it is ready.
    static func start(folder chosen: String?) async throws -> BenchServer {
        let base = chosen.map { URL(fileURLWithPath: $0) } ?? FileManager.default.temporaryDirectory
        let folder = base.appendingPathComponent("reelwork-bench-\(UUID().uuidString.prefix(8))")
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("reelwork")
        let process = Process()
        process.executableURL = program
        process.arguments = ["serve", "--data", folder.path, "--log-level", "error"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw BenchError("reelwork serve did not start") }
            line += more
        }
        return BenchServer(
            endpoint: .unix(path: folder.appendingPathComponent("reelwork.sock").path),
            admin: .unix(path: folder.appendingPathComponent("admin.sock").path),
            process: process,
            folder: folder
        )
    }

    /// Ends it and removes its folder.
    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
