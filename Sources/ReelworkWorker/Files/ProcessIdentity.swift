// SPDX-License-Identifier: Apache-2.0
// Reelwork: who a process id is

import CReelworkSystem
import Foundation
import ReelworkCore

/// Who a process id is: ids are given again, start times are not within one boot.
struct ProcessIdentity: Hashable, Sendable {
    /// The process id.
    var pid: Int32
    /// When it started, in clock ticks since boot (proc(5), stat, field 22).
    var start: UInt64

    /// Makes an identity from its parts.
    init(pid: Int32, start: UInt64) {
        self.pid = pid
        self.start = start
    }

    /// The process that has this id now; nil where there is none, or only its remains.
    init?(running pid: Int32) {
        guard pid > 1, let bytes = try? FileCalls.read("/proc/\(pid)/stat", bytesMax: 4_096),
            // The name in parentheses may hold anything, spaces and parentheses too.
            let close = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, fields.first.map({ !$0.elementsEqual("Z".utf8) }) == true,
            let start = UInt64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        self.init(pid: pid, start: start)
    }

    /// Whether that very process still runs.
    var isRunning: Bool { ProcessIdentity(running: pid) == self }

    /// Kills that very process, and with it the group that it leads where that is asked for, and
    /// waits for its end; false where it was gone already.
    func kill(withGroup: Bool, wait: Duration) -> Bool {
        let descriptor = reelwork_pidfd_open(pid)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // The descriptor names one process for ever, so what is compared now holds from now on.
        guard isRunning else { return false }
        if withGroup { _ = Glibc.kill(-pid, SIGKILL) }
        _ = reelwork_pidfd_signal(descriptor, SIGKILL)
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, Int32(clamping: wait.wholeMilliseconds))
        return true
    }

    /// The kernel's name for this boot: start times of another one say nothing.
    static func bootID() -> String {
        let bytes = (try? FileCalls.read("/proc/sys/kernel/random/boot_id", bytesMax: 64)) ?? []
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }
}
