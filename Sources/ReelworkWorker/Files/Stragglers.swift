// SPDX-License-Identifier: Apache-2.0
// Reelwork: processes that runs of an earlier life left behind

import CReelworkSystem
import Glibc
import ReelworkCore

/// Processes that runs of an earlier life left behind and that no ledger names: what an encoder
/// has started, where its helper was killed with the agent.
///
/// They are known by the variable TMPDIR that they began with, which leads into the folder of an
/// attempt or of a probe and which no other process has. Their group or parent says less: an
/// encoder may leave both.
enum Stragglers {
    /// Kills all whose TMPDIR is one of `folders` or lies below one of `roots`.
    ///
    /// - Parameters:
    ///   - folders: scratch folders of attempts, and that of the probes.
    ///   - roots: the folders that all of them lie in.
    ///   - wait: how long each may take to be gone.
    /// - Returns: how many were killed.
    static func kill(folders: [String], below roots: [String], wait: Duration) -> Int {
        var killed: Set<Int32> = []
        // Whoever forks while it is killed leaves a child that only the next look sees. One that
        // hangs in the kernel is killed once: it ends when that lets it go.
        for _ in 0..<looksMax {
            let found = running(folders, roots).filter {
                !killed.contains($0) && kill($0, folders, roots, wait)
            }
            guard !found.isEmpty else { break }
            killed.formUnion(found)
        }
        return killed.count
    }

    private static func running(_ folders: [String], _ roots: [String]) -> [Int32] {
        let names = (try? FileCalls.names(in: "/proc")) ?? []
        return names.compactMap { Int32($0) }
            .filter { $0 > 1 && $0 != getpid() && isOne($0, folders, roots) }
    }

    private static func kill(
        _ pid: Int32,
        _ folders: [String],
        _ roots: [String],
        _ wait: Duration
    ) -> Bool {
        let descriptor = reelwork_pidfd_open(pid)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // The descriptor names one process for ever, so what is compared now holds from now on.
        guard isOne(pid, folders, roots), reelwork_pidfd_signal(descriptor, SIGKILL) == 0 else {
            return false
        }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, Int32(clamping: wait.wholeMilliseconds))
        return true
    }

    /// Processes of other users show nothing, and what has ended has no variables.
    private static func isOne(_ pid: Int32, _ folders: [String], _ roots: [String]) -> Bool {
        let path = "/proc/\(pid)/environ"
        guard let bytes = try? FileCalls.read(path, bytesMax: environmentBytesMax) else {
            return false
        }
        let mark = Array("TMPDIR=".utf8)
        return bytes.split(separator: 0).contains { line in
            guard line.starts(with: mark) else { return false }
            let folder = line.dropFirst(mark.count)
            return roots.contains { folder.starts(with: ($0 + "/").utf8) }
                || folders.contains { folder.elementsEqual($0.utf8) }
        }
    }

    private static let looksMax = 8
    /// What a command begins with is small; the rest of a larger one is not looked at.
    private static let environmentBytesMax = 256 << 10
}
