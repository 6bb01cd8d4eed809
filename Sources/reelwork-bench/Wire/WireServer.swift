// SPDX-License-Identifier: Apache-2.0
// Reelwork: the server's side of a load, in a process of its own

import ArgumentParser
import Foundation

/// The server's side of a load: this program once more, with a hidden command.
struct WireServer {
    let path: String
    let process: Process
    private let folder: URL
    private let counter: AllocationCounter?

    /// Starts it and waits until it listens.
    static func start(
        _ speech: WirePlan.Speech,
        countsAllocations: Bool = false
    ) throws -> WireServer {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("reelwork-wire-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("s").path
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let counter =
            countsAllocations ? try AllocationCounter(in: folder, beside: program) : nil
        let process = Process()
        process.executableURL = program
        if let counter {
            process.environment = ProcessInfo.processInfo.environment
                .merging(counter.environment) { $1 }
        }
        process.arguments = ["wire-server", "--speech", speech.rawValue, path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        guard !output.fileHandleForReading.availableData.isEmpty else {
            throw BenchError("the server of the load did not start")
        }
        return WireServer(path: path, process: process, folder: folder, counter: counter)
    }

    /// What its event loops have asked of the heap; 0 where that is not counted.
    ///
    /// Throws where the library counts nothing: a loop with connections has asked for some.
    var allocations: Int {
        get throws {
            guard let counter else { return 0 }
            let loops = try threads.filter { thread in
                try String(contentsOfFile: "\(thread.path)/comm", encoding: .utf8).hasPrefix(
                    "NIO-ELT"
                )
            }
            let calls = try counter.calls(
                of: Set(loops.compactMap { UInt64($0.lastPathComponent) })
            )
            guard calls > 0 else { throw BenchError("the server's allocations are not counted") }
            return calls
        }
    }

    private var threads: [URL] {
        let folder = "/proc/\(process.processIdentifier)/task"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.map { URL(fileURLWithPath: folder).appendingPathComponent($0) }
    }

    /// Processor time that it has used, all threads together.
    ///
    /// Source: proc_pid_schedstat, whose first number is in nanoseconds.
    var processorTime: Duration {
        let nanoseconds = threads.compactMap { thread in
            try? String(contentsOfFile: "\(thread.path)/schedstat", encoding: .utf8)
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
