// SPDX-License-Identifier: Apache-2.0
// Reelwork: one started program

import Foundation
import Glibc
import Synchronization

/// One started program: in a process group of its own, with its output in files.
final class ProgramRun: Sendable {
    /// How it ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
    }

    let pid: pid_t
    let name: String
    /// The files that standard output and standard error go to.
    let outputPath: String
    let errorPath: String
    private let found = Mutex<Ending?>(nil)

    /// Starts a program; `name` is that of the files beside which its output is kept.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String],
        folder: String?,
        name: String,
        logs: String
    ) throws {
        self.name = name
        outputPath = logs + "/\(name).out"
        errorPath = logs + "/\(name).err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let making = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, making, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, making, 0o644)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK)
        )
        let lines = environment.map { "\($0.key)=\($0.value)" }
        // `env` changes the folder and becomes the program: posix_spawn's own way is not imported.
        let command = folder.map { ["/usr/bin/env", "-C", $0, path] } ?? [path]
        var pid: pid_t = 0
        let status = ProgramRun.withCStrings(command + arguments) { arguments in
            ProgramRun.withCStrings(lines) { environment in
                posix_spawn(&pid, command[0], &actions, &attributes, arguments, environment)
            }
        }
        guard status == 0 else { throw SystemError(what: "start \(path)", number: status) }
        self.pid = pid
    }

    /// How it ended; nil while it runs.
    var ending: Ending? {
        found.withLock { found in
            if found != nil { return found }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            let signal = status & 0x7F
            found = signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal)
            return found
        }
    }

    /// Waits for its end.
    func end(within limit: Duration = .seconds(30)) async throws -> Ending {
        try await eventually("the end of \(name), process \(pid)", within: limit) { ending }
    }

    /// Sends it a signal, unless it has ended: then its number may be another's.
    func signal(_ number: Int32) {
        found.withLock { if $0 == nil { _ = kill(pid, number) } }
    }

    /// Kills it and waits until it is gone.
    func kill9() async throws {
        signal(SIGKILL)
        _ = try await end()
    }

    var output: String { ProgramRun.text(outputPath) }
    var errors: String { ProgramRun.text(errorPath) }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    private static func withCStrings<Answer>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
    ) -> Answer {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}

/// What the system refused.
struct SystemError: Error, CustomStringConvertible {
    var what: String
    var number: Int32

    var description: String { "cannot \(what): \(String(cString: strerror(number)))" }
}
