// SPDX-License-Identifier: Apache-2.0
// Reelwork: many peers in one thread

import Foundation
import Glibc
import ReelworkCore
import Synchronization

/// Many peers in one thread, which keeps their number up: who is closed comes again.
final class Crowd: Sendable {
    /// What the crowd is like.
    struct Count: Sendable {
        /// Peers whose handshake is done.
        var open = 0
        /// Peers that have a connection.
        var connected = 0
        /// Frames that came.
        var frames = 0
        /// Connections that the server closed.
        var closes = 0
    }

    /// Peers that shake hands at the same time: fewer than a server lets in.
    private static let handshakesMax = 400

    private let state = Mutex(Count())
    private let isStopped = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)

    /// What the crowd was like a moment ago.
    var count: Count { state.withLock { $0 } }

    /// Begins to connect, so many a second at most.
    static func start(
        _ manner: CrowdManner,
        size: Int,
        path: String,
        perSecond: Double = 10_000
    ) -> Crowd {
        let crowd = Crowd()
        let thread = Thread { crowd.live(manner, size, path, perSecond) }
        thread.start()
        return crowd
    }

    /// Goes away; returns when all connections are closed.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        ended.wait()
    }

    /// Waits until so many are open; throws where that takes a minute.
    func waitUntilOpen(_ wanted: Int) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while count.open < wanted {
            guard ContinuousClock.now < limit else {
                throw BenchError("only \(count.open) of \(wanted) peers are in after a minute")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func live(
        _ manner: CrowdManner,
        _ size: Int,
        _ path: String,
        _ perSecond: Double
    ) {
        var peers: [CrowdPeer] = []
        var entries: [pollfd] = []
        for index in 0..<size {
            peers.append(CrowdPeer(manner, name: "w-\(index)", path: path))
            entries.append(pollfd(fd: -1, events: 0, revents: 0))
        }
        // A silent peer is never let in: all of them may wait at the door.
        let handshakesMax = manner == .silent ? size : Crowd.handshakesMax
        let begin = ContinuousClock.now
        // When the next may come. Strangers come when they like (a Poisson process): a steady beat
        // would fall in with that of the good peers, and be all they ever meet.
        var due = 0.0
        while !isStopped.load(ordering: .relaxed) {
            var count = Count()
            for peer in peers {
                if peer.phase != .away { count.connected += 1 }
                if peer.phase == .open { count.open += 1 }
                count.frames += peer.frames
                count.closes += peer.closes
            }
            var waiting = count.connected - count.open
            let now = ContinuousClock.now
            for (index, peer) in peers.enumerated() {
                if peer.phase == .away, waiting < handshakesMax,
                    due < (now - begin).seconds
                {
                    peer.connect()
                    waiting += 1
                    due += -log(Double.random(in: 0.000_1...1)) / perSecond
                }
                peer.act(now)
                entries[index] = pollfd(fd: peer.descriptor, events: peer.events, revents: 0)
            }
            state.withLock { $0 = count }
            let next = (due - (ContinuousClock.now - begin).seconds) * 1_000
            let wait = Int32(min(max(next.rounded(.up), 1), 20))
            guard poll(&entries, nfds_t(entries.count), wait) > 0 else { continue }
            for (index, entry) in entries.enumerated() where entry.revents != 0 {
                peers[index].handle(entry.revents, now: ContinuousClock.now)
            }
        }
        peers = []
        ended.signal()
    }

    /// Raises the process's limit of open files; throws where the machine allows fewer.
    static func makeRoom(for connections: Int) throws {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        getrlimit(files, &limit)
        let wanted = rlim_t(connections) + 256
        guard limit.rlim_max >= wanted else {
            throw BenchError(
                "\(connections) connections need \(wanted) open files and the hard limit is "
                    + "\(limit.rlim_max); ask for fewer, or raise it (ulimit -H -n)"
            )
        }
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }
}
