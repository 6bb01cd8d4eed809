// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler of its own process

import Foundation
import ReelworkCore
import ReelworkRPC

/// A scheduler in a process of its own: `reelwork serve`, found beside this program.
final class BenchServer {
    let endpoint: RPCEndpoint
    let admin: RPCEndpoint
    /// Its process; another one after ``startAgain()``.
    private(set) var process: Process
    /// Where its database lies; removed by ``stop()``.
    let folder: URL
    private let options: [String]
    private let settings: [String: String]

    /// Starts it and waits until it says that it is ready.
    ///
    /// It listens on a Unix socket in its folder, or on a port of 127.0.0.1; `settings` are
    /// environment variables.
    static func start(
        folder chosen: String?,
        port: Int? = nil,
        settings: [String: String] = [:]
    ) async throws -> BenchServer {
        let base = chosen.map { URL(fileURLWithPath: $0) } ?? FileManager.default.temporaryDirectory
        let folder = base.appendingPathComponent("reelwork-bench-\(UUID().uuidString.prefix(8))")
        let endpoint: RPCEndpoint =
            if let port {
                .tcp(host: "127.0.0.1", port: port)
            } else {
                .unix(path: folder.appendingPathComponent("reelwork.sock").path)
            }
        let options = port == nil ? [] : ["--listen", "\(endpoint)", "--insecure-loopback"]
        let process = try launch(folder, options, settings)
        return BenchServer(endpoint, folder, options, settings, process)
    }

    private init(
        _ endpoint: RPCEndpoint,
        _ folder: URL,
        _ options: [String],
        _ settings: [String: String],
        _ process: Process
    ) {
        self.endpoint = endpoint
        self.folder = folder
        self.options = options
        self.settings = settings
        self.process = process
        admin = .unix(path: folder.appendingPathComponent("admin.sock").path)
    }

    private static func launch(
        _ folder: URL,
        _ options: [String],
        _ settings: [String: String]
    ) throws -> Process {
        let process = Process()
        process.executableURL = BenchProgram.beside("reelwork")
        process.arguments = ["serve", "--data", folder.path, "--log-level", "error"] + options
        process.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        guard BenchProgram.line(from: output) != nil else {
            throw BenchError("reelwork serve did not start")
        }
        return process
    }

    /// Kills it, as a crash would; its folder stays.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Starts it once more on the same folder.
    func startAgain() throws {
        process = try BenchServer.launch(folder, options, settings)
    }

    /// Ends it and removes its folder.
    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
