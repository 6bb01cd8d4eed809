// SPDX-License-Identifier: Apache-2.0
// Reelwork: the processes behind a server's Unix connections.

internal import Synchronization

/// The processes behind a server's Unix connections: one descriptor each, however many connections
/// a process has.
///
/// Beyond its limit it looks at no more of them: whose process is not looked at is missed by its
/// lease alone.
final class PeerProcesses: Sendable {
    private struct Entry: Sendable {
        var process: PeerProcess
        var connections: Int
    }

    private let table = Mutex<[Int32: Entry]>([:])
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// Looks at the process of a connection; nil where that cannot be.
    func take(_ pid: Int32) -> PeerProcess? {
        table.withLock { table in
            if let known = table[pid], !known.process.hasEnded {
                table[pid]?.connections += 1
                return known.process
            }
            // Another process has this number now; who holds the old one keeps it.
            guard table[pid] != nil || table.count < countMax else { return nil }
            guard let process = PeerProcess(pid) else { return nil }
            table[pid] = Entry(process: process, connections: 1)
            return process
        }
    }

    /// A connection no longer needs it.
    func give(back process: PeerProcess) {
        table.withLock { table in
            guard let known = table[process.pid], known.process === process else { return }
            let left = known.connections - 1
            if left > 0 { table[process.pid]?.connections = left } else { table[process.pid] = nil }
        }
    }

    /// Processes that are looked at.
    var count: Int { table.withLock { $0.count } }
}
