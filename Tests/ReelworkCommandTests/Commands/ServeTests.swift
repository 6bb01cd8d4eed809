// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of how the scheduler begins and ends

import Foundation
import Glibc
import Testing

/// Goal: TERM ends the scheduler in time, a second one at once, although nobody reads its log; its
/// settings come from a file.
///
/// Method: the built program, with a full pipe as standard error.
@Suite(.timeLimit(.minutes(1)))
struct ServeTests {
    /// A running scheduler.
    private final class Run {
        let process = Process()
        let folder = NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
        private let output = Pipe()

        init(_ arguments: [String], errors: Pipe) throws {
            let place = try #require(
                Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
                    .deletingLastPathComponent()
                    ?? Bundle.main.executableURL?.deletingLastPathComponent()
            )
            process.executableURL = place.appendingPathComponent("reelwork")
            process.arguments = ["serve", "--data", folder] + arguments
            process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = errors
            try process.run()
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            try? FileManager.default.removeItem(atPath: folder)
        }

        /// The line that says that it serves.
        func ready() -> String {
            String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        }

        func term() { kill(process.processIdentifier, SIGTERM) }

        /// How it ended, and how long after the signal.
        func end() -> (status: Int32, took: Duration) {
            let start = ContinuousClock.now
            process.waitUntilExit()
            return (process.terminationStatus, start.duration(to: .now))
        }
    }

    /// A pipe that takes no byte more.
    private static func fullPipe() -> Pipe {
        let pipe = Pipe()
        let end = pipe.fileHandleForWriting.fileDescriptor
        let flags = fcntl(end, F_GETFL)
        _ = fcntl(end, F_SETFL, flags | O_NONBLOCK)
        let bytes = [UInt8](repeating: 0x2E, count: 4_096)
        while write(end, bytes, bytes.count) > 0 {}
        while write(end, bytes, 1) > 0 {}
        _ = fcntl(end, F_SETFL, flags)
        return pipe
    }

    @Test func termEndsItWithin5SecondsAlthoughNobodyReadsItsLog() throws {
        let pipe = Self.fullPipe()
        let run = try Run(["--log-level", "trace"], errors: pipe)
        #expect(run.ready().hasPrefix("ready "))
        run.term()
        let (status, took) = run.end()
        #expect(status == 0)
        #expect(took < .seconds(5), "\(took)")
    }

    // A client that never says goodbye holds the drain, so that the second signal comes first.
    @Test func aSecondSignalEndsItAtOnceAlthoughNobodyReadsItsLog() throws {
        let pipe = Self.fullPipe()
        let run = try Run(["--log-level", "trace"], errors: pipe)
        #expect(run.ready().hasPrefix("ready "))
        let silent = try SilentClient(run.folder + "/reelwork.sock")
        run.term()
        // The goodbye has begun when the scheduler says so on the connection.
        silent.waitForFarewell()
        #expect(run.process.isRunning)
        // Another signal than the first: the same one within 100 ms counts as one.
        kill(run.process.processIdentifier, SIGINT)
        let (status, took) = run.end()
        #expect(status == 128 + SIGINT)
        #expect(took < .seconds(1), "\(took)")
    }

    @Test func aFileSetsWhereItListensAndAFlagIsStronger() throws {
        let place = NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
        defer { for end in ["toml", "a", "b"] { unlink("\(place).\(end)") } }
        let text = "listen = [\"unix:\(place).a\"]\nadmin = \"\(place).b\"\nlog_level = \"error\"\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: place + ".toml"))
        let errors = Pipe()
        let run = try Run(["--config", place + ".toml"], errors: errors)
        let ready = run.ready()
        #expect(ready.hasPrefix("ready unix:\(place).a admin=unix:\(place).b "), "\(ready)")
        run.term()
        #expect(run.end().status == 0)
        let said = errors.fileHandleForReading.availableData
        #expect(said.isEmpty, "\(String(decoding: said, as: UTF8.self))")
        let other = try Run(
            ["--config", place + ".toml", "--listen", "unix:\(place).c"],
            errors: Pipe()
        )
        #expect(other.ready().hasPrefix("ready unix:\(place).c "))
        other.term()
        #expect(other.end().status == 0)
    }
}
