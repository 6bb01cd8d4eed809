// SPDX-License-Identifier: Apache-2.0
// Reelwork: a process at the other end of connections.

internal import CReelworkSystem
internal import Glibc

/// A process at the other end of connections: its number may be given to another, this value stays.
final class PeerProcess: Sendable {
    let pid: Int32
    /// A pidfd; -1 where the process had ended before it could be looked at.
    private let descriptor: Int32

    /// Looks at a process; nil where the system gives no descriptor.
    init?(_ pid: Int32) {
        let answer = reelwork_pidfd_open(pid)
        guard answer >= 0 || answer == -ESRCH else { return nil }
        self.pid = pid
        descriptor = max(answer, -1)
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Whether it has ended.
    var hasEnded: Bool {
        guard descriptor >= 0 else { return true }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }
}
