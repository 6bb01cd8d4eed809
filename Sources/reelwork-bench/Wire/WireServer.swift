// SPDX-License-Identifier: Apache-2.0
// Reelwork: the server's side of a load, in a process of its own

import ArgumentParser
import Foundation

/// The server's side of a load: this program once more, with a hidden command.
struct WireServer {
    let path: String
    let process: Process
    private let folder: URL

    /// Starts it and waits until it listens; under valgrind where its allocations are counted.
    static func start(
        _ speech: WirePlan.Speech,
        isCounted: Bool = false
    ) throws -> WireServer {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("reelwork-wire-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("s").path
        let process = Process()
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let arguments = ["wire-server", "--speech", speech.rawValue, path]
        process.executableURL =
            isCounted ? URL(fileURLWithPath: "/usr/bin/valgrind") : program
        let log = "--log-file=\(folder.path)/valgrind"
        process.arguments = isCounted ? [log, program.path] + arguments : arguments
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

    /// Ends a counted one: how often it has allocated from its start to its end.
    func stopCounting() throws -> Int {
        process.terminate()
        process.waitUntilExit()
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = try String(contentsOfFile: "\(folder.path)/valgrind", encoding: .utf8)
        guard
            let line = log.split(separator: "\n").first(where: { $0.contains("total heap usage") }),
            let word = line.split(separator: " ").first(where: { $0.first?.isNumber == true }),
            let count = Int(word.filter(\.isNumber))
        else { throw BenchError("valgrind did not count: \(log.suffix(500))") }
        return count
    }
}
