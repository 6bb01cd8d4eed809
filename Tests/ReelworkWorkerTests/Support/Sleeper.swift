// SPDX-License-Identifier: Apache-2.0
// Reelwork: a process that sleeps for ever

import Glibc
import Testing

/// A process that sleeps for ever, the leader of a group of its own; it goes with the value.
final class Sleeper {
    let pid: pid_t
    private var isReaped = false

    /// Starts it, with variables that it begins with.
    init(environment: [String] = []) throws {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var pid: pid_t = 0
        let words: [UnsafeMutablePointer<CChar>?] = ["sleep", "infinity"].map { (text: String) in
            strdup(text)
        }
        defer { for word in words { free(word) } }
        let lines: [UnsafeMutablePointer<CChar>?] = environment.map { (text: String) in
            strdup(text)
        }
        defer { for line in lines { free(line) } }
        let status = posix_spawn(
            &pid,
            "/bin/sleep",
            nil,
            &attributes,
            words + [nil],
            lines + [nil]
        )
        self.pid = pid
        isReaped = status != 0
        try #require(status == 0)
    }

    deinit {
        if !isReaped {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
    }

    /// Whether it still sleeps.
    var isRunning: Bool { kill(pid, 0) == 0 && !isReaped }

    /// The signal that has ended it; nil while it sleeps.
    func signal() -> Int32? {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        isReaped = true
        return status & 0x7F
    }
}
