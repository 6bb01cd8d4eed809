// SPDX-License-Identifier: Apache-2.0
// Reelwork: one running reelwork-exec of a test, with its pipes.

import CReelworkSystem
import Glibc
import Testing

/// A started helper; what is left of it goes with its owner.
final class Helper {
    let pid: pid_t
    let report: Reader
    let output: Reader
    private var control: Int32
    private var hasEnded = false

    /// Starts the helper with `program` behind its own options.
    init(options: [String] = [], environment: [String]? = nil, _ program: [String]) throws {
        let path = try #require(Self.programPath("reelwork-exec"))
        let controlEnds = try Self.pipeEnds()
        let reportEnds = try Self.pipeEnds()
        let outputEnds = try Self.pipeEnds()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, controlEnds.reading, 0)
        posix_spawn_file_actions_adddup2(&actions, outputEnds.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, reportEnds.writing, 3)
        var pid: pid_t = 0
        let status = Self.withCStrings([path] + options + ["--"] + program) { arguments in
            Self.withCStrings(environment ?? Self.environment()) { environment in
                posix_spawn(&pid, path, &actions, nil, arguments, environment)
            }
        }
        for end in [controlEnds.reading, reportEnds.writing, outputEnds.writing] {
            close(end)
        }
        self.pid = pid
        self.control = controlEnds.writing
        self.report = Reader(reportEnds.reading)
        self.output = Reader(outputEnds.reading)
        self.hasEnded = status != 0
        try #require(status == 0)
    }

    deinit {
        agentVanishes()
        if !hasEnded {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
    }

    /// Closes the control pipe, as the kernel does for an agent that dies.
    func agentVanishes() {
        if control >= 0 {
            close(control)
            control = -1
        }
    }

    func send(_ letter: Unicode.Scalar) {
        var byte = UInt8(ascii: letter)
        #expect(write(control, &byte, 1) == 1)
    }

    func signal(_ number: Int32) {
        #expect(kill(pid, number) == 0)
    }

    /// The pid of the first report line.
    func startedPid() throws -> pid_t {
        let line = try #require(report.line())
        let words = line.split(separator: " ")
        try #require(words.count == 2 && words[0] == "started", "\(line)")
        return try #require(pid_t(String(words[1])))
    }

    /// Waits for the helper's own end; answers its exit code, or nil if a signal ended it.
    func exitCode() throws -> Int32? {
        let end = try Ending(of: pid)
        try #require(end.comes(within: .seconds(30)))
        var status: Int32 = 0
        try #require(waitpid(pid, &status, 0) == pid)
        hasEnded = true
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// A program that was built beside the running tests.
    static func programPath(_ name: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        let own = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for start in [own, CommandLine.arguments.first ?? ""] {
            let folder = start.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            let path = folder.joined(separator: "/") + "/" + name
            if access(path, X_OK) == 0 {
                return path
            }
        }
        return nil
    }

    static func environment() -> [String] {
        var lines: [String] = []
        var next = environ
        while let line = next.pointee {
            lines.append(String(cString: line))
            next += 1
        }
        return lines
    }

    static func pipeEnds() throws -> (reading: Int32, writing: Int32) {
        var reading: Int32 = -1
        var writing: Int32 = -1
        try #require(reelwork_pipe(&reading, &writing) == 0)
        return (reading, writing)
    }

    static func withCStrings<Answer>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
    ) -> Answer {
        let pointers = strings.map { strdup($0) }
        defer {
            for pointer in pointers {
                free(pointer)
            }
        }
        return body(pointers + [nil])
    }
}
