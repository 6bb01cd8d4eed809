// SPDX-License-Identifier: Apache-2.0
// Reelwork: the server's side of a load, in a process of its own

import ArgumentParser
import Foundation

/// The server's side of a load: this program once more, with a hidden command.
struct WireServer {
    let path: String
    let process: Process
    private let folder: URL

    /// Starts it and waits until it listens.
    static func start(_ speech: WirePlan.Speech) throws -> WireServer {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("reelwork-wire-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("s").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["wire-server", "--speech", speech.rawValue, path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        guard !output.fileHandleForReading.availableData.isEmpty else {
            throw BenchError("the server of the load did not start")
        }
        return WireServer(path: path, process: process, folder: folder)
    }

    /// Processor time that it has used, all threads together.
    ///
    /// Source: proc_pid_schedstat, whose first number is in nanoseconds.
    var processorTime: Duration {
        let folder = "/proc/\(process.processIdentifier)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let nanoseconds = threads.compactMap { thread in
            try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)
        }.compactMap { $0.split(separator: " ").first.flatMap { Int64($0) } }.reduce(0, +)
        return .nanoseconds(nanoseconds)
    }

    /// Ends it and removes its folder.
    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
