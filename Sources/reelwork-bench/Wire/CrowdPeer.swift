// SPDX-License-Identifier: Apache-2.0
// Reelwork: one peer of a crowd

import Glibc
import ReelworkCore
import ReelworkWire

/// One peer of a crowd: a socket that never blocks, and a little script.
final class CrowdPeer {
    /// How far it is.
    enum Phase {
        /// It has no connection.
        case away
        /// Its preface is not answered.
        case preface
        /// Its HELLO is not answered.
        case hello
        /// It does what its manner says.
        case open
    }

    static let heartbeatInterval = Duration.seconds(5)
    /// With 40 jobs of long paths 600 KiB: three times what the kernel keeps for it.
    private static let pagesWanted = 2

    let manner: CrowdManner
    private let name: String
    private let path: String
    private(set) var phase = Phase.away
    private(set) var descriptor: Int32 = -1
    /// Frames that came since it is open.
    private(set) var frames = 0
    /// Times that the server closed it.
    private(set) var closes = 0
    /// When its script goes on.
    private(set) var due = ContinuousClock.now
    private var unread: [UInt8] = []
    private var unsent: ArraySlice<UInt8> = []
    private var id: UInt32 = 1

    init(_ manner: CrowdManner, name: String, path: String) {
        self.manner = manner
        self.name = name
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// What poll(2) is to look for; one that reads nothing does not ask whether it could.
    var events: Int16 {
        // A peer whose server has gone is told so whatever it asks for.
        guard phase == .open else { return Int16(POLLIN) | Int16(unsent.isEmpty ? 0 : POLLOUT) }
        return switch manner {
        case .deaf: Int16(unsent.isEmpty ? 0 : POLLOUT)
        case .dripping: Int16(POLLIN)
        case .idle, .silent: Int16(POLLIN) | Int16(unsent.isEmpty ? 0 : POLLOUT)
        }
    }

    /// Connects, where the server's queue has room.
    func connect() {
        descriptor = socket(
            AF_UNIX,
            Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        guard descriptor >= 0 else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard answer == 0 else { return leave() }
        phase = .preface
        switch manner {
        case .silent: break
        case .idle: send(ClientPreface(role: .worker).encoded)
        case .dripping, .deaf: send(ClientPreface(role: .submitter).encoded)
        }
    }

    private func leave() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        phase = .away
        unread = []
        unsent = []
    }

    /// Something happened at its socket.
    func handle(_ events: Int16, now: ContinuousClock.Instant) {
        if events & Int16(POLLOUT) != 0 { push() }
        if events & Int16(POLLIN) != 0 { pull(now) }
        if descriptor >= 0, events & Int16(POLLERR | POLLHUP) != 0, events & Int16(POLLIN) == 0 {
            closes += 1
            leave()
        }
    }

    private func pull(_ now: ContinuousClock.Instant) {
        let count = withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { room in
            let count = recv(descriptor, room.baseAddress, room.count, 0)
            if count > 0 { unread.append(contentsOf: room[..<count]) }
            return count
        }
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            closes += 1
            return leave()
        }
        read(now)
    }

    private func read(_ now: ContinuousClock.Instant) {
        var rest = unread[...]
        if phase == .preface, rest.count >= Preface.byteCount {
            rest = rest.dropFirst(Preface.byteCount)
            phase = .hello
            send(CrowdFrames.hello)
        }
        while phase != .preface, rest.count >= FrameHeader.byteCount {
            let start = rest.startIndex
            let length = (0..<3).reduce(0) { $0 | Int(rest[start + $1]) << (8 * $1) }
            let whole = FrameHeader.byteCount + length
            guard rest.count >= whole else { break }
            rest = rest.dropFirst(whole)
            if phase == .hello {
                phase = .open
                begin(now)
            } else {
                frames += 1
            }
        }
        unread = rest.isEmpty ? [] : Array(rest)
    }

    private func begin(_ now: ContinuousClock.Instant) {
        frames = 0
        id = 1
        switch manner {
        case .silent: break
        case .idle:
            send(CrowdFrames.register(name))
            // So that ten thousand do not speak at once.
            due = now + CrowdPeer.heartbeatInterval * Double.random(in: 0.5...1.5)
        case .dripping:
            unsent = CrowdFrames.page(id)[...]
            due = now
        case .deaf:
            for _ in 0..<CrowdPeer.pagesWanted {
                send(CrowdFrames.page(id))
                id += 2
            }
        }
    }

    /// Does what is due.
    func act(_ now: ContinuousClock.Instant) {
        guard phase == .open, now >= due else { return }
        switch manner {
        case .silent, .deaf: due = now + .seconds(3_600)
        case .idle:
            id += 2
            send(CrowdFrames.heartbeat(id))
            due += CrowdPeer.heartbeatInterval
        case .dripping:
            if unsent.isEmpty {
                id += 2
                unsent = CrowdFrames.page(id)[...]
            }
            push(most: 1)
            due = now + .seconds(1)
        }
    }

    private func send(_ bytes: [UInt8]) {
        unsent += bytes
        push()
    }

    private func push(most: Int = .max) {
        guard descriptor >= 0, !unsent.isEmpty, manner != .dripping || phase != .open || most == 1
        else { return }
        let part = unsent.prefix(most)
        let count = part.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else {
            // The reader's side says how it ended.
            if count < 0, errno != EAGAIN, errno != EINTR { unsent = [] }
            return
        }
        unsent = unsent.dropFirst(count)
        if unsent.isEmpty { unsent = [] }
    }
}
