// SPDX-License-Identifier: Apache-2.0
// Reelwork: wakes a thread that waits

import CReelworkSystem
import Glibc
package import ReelworkCore

/// Wakes a thread that waits: an eventfd (eventfd(2)).
///
/// Any thread may ring; one waits.
package final class Doorbell: Sendable {
    private let descriptor: Int32

    /// Opens a doorbell; nil where the process has no descriptor left.
    package init?() {
        let opened = reelwork_eventfd_open()
        guard opened >= 0 else { return nil }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    /// Wakes whoever waits, or the next who will.
    package func ring() {
        _ = reelwork_eventfd_signal(descriptor)
    }

    /// Waits until it rings or the time has come; a ring that came before counts.
    package func wait(until deadline: BootInstant) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Rounded up: waking a moment too early would find nothing due and wait again.
        let left = deadline.since(SystemClock.boot()).wholeMilliseconds
        let timeout = deadline == .distantFuture ? -1 : Int32(clamping: max(0, left) + 1)
        _ = poll(&entry, 1, timeout)
        _ = reelwork_eventfd_drain(descriptor)
    }
}
