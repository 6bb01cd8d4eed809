// SPDX-License-Identifier: Apache-2.0
// Reelwork: the end of any process, waited for by its descriptor.

import CReelworkSystem
import Glibc
import Testing

/// Watches one process, child or not; the kernel tells when it ends.
final class Ending {
    private let descriptor: Int32

    /// Fails if there is no such process.
    init(of pid: pid_t) throws {
        descriptor = reelwork_pidfd_open(pid)
        try #require(descriptor >= 0, "no process \(pid): \(descriptor)")
    }

    deinit {
        close(descriptor)
    }

    /// Answers whether the process ends within a time; it may have ended already.
    func comes(within limit: Duration) -> Bool {
        var news = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let (seconds, attoseconds) = limit.components
        let milliseconds = Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        return poll(&news, 1, milliseconds) == 1
    }

    /// Answers whether the process has ended.
    var hasCome: Bool { comes(within: .zero) }
}
