// SPDX-License-Identifier: Apache-2.0
// Reelwork: a program that the demonstration started

import Foundation

/// A program that the demonstration started: another subcommand of this one, or a tool.
final class DemoProcess: Sendable {
    /// How a tool ended.
    struct Outcome {
        var status: Int32
        var output: Data
        var errors: String
    }

    private let process: Process
    /// Where its standard error goes.
    let log: String

    /// Starts a subcommand of this program; its log goes to a file.
    ///
    /// - Returns: the process, and the reading end of its standard output.
    static func subcommand(
        _ arguments: [String],
        log: String
    ) throws(CommandFailure) -> (process: DemoProcess, output: FileHandle) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        guard FileManager.default.createFile(atPath: log, contents: nil),
            let file = FileHandle(forWritingAtPath: log)
        else { throw CommandFailure("cannot write \(log)") }
        process.standardError = file
        do {
            try process.run()
        } catch {
            throw CommandFailure("cannot start \(arguments.first ?? ""): \(error)")
        }
        return (DemoProcess(process, log: log), pipe.fileHandleForReading)
    }

    private init(_ process: Process, log: String) {
        self.process = process
        self.log = log
    }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    /// Asks it to end.
    func terminate() {
        if process.isRunning { process.terminate() }
    }

    /// Waits for its end; one that does not come within the time is killed.
    func wait(_ timeMax: Duration) {
        let deadline = ContinuousClock.now + timeMax
        while process.isRunning, ContinuousClock.now < deadline { usleep(20_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// The last lines of its log.
    var logEnd: String {
        guard let data = FileManager.default.contents(atPath: log) else { return "" }
        let lines = ShownLine.lines(String(decoding: data.suffix(4_096), as: UTF8.self))
        return lines.filter { !$0.isEmpty }.suffix(8).joined(separator: "\n  ")
    }

    /// Runs a tool to its end; it is looked for in PATH.
    static func tool(_ words: [String]) throws(CommandFailure) -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw CommandFailure("cannot start \(words.first ?? ""): \(error)")
        }
        // The tools are asked for errors only: those fit the pipe.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: data,
            errors: String(decoding: words, as: UTF8.self)
        )
    }
}
