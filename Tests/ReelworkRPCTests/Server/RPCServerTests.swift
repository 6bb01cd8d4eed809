// SPDX-License-Identifier: Apache-2.0
// Reelwork: sockets, processes and farewells of a server.

import Glibc
import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: a server takes its socket, tells who connects and who is gone, and leaves in order.
// Method: real sockets in a temporary folder; a real process that is killed. Security checklist 8
// (the socket's file), Security checklist 9 (no plain TCP off the machine).
@Suite(.timeLimit(.minutes(1)))
struct RPCServerTests {
    private func other() -> RPCServer {
        RPCServer(
            configuration: RPCServerConfiguration(
                cluster: JobID(high: 1, low: 1),
                epoch: 1,
                agent: "other"
            ),
            delegate: ServedPeer(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    private func code(_ body: () async throws(RPCError) -> Void) async -> RPCError.Code? {
        do throws(RPCError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func theSocketFileIsPrivateAndRemovedAtTheEnd() async throws {
        var path = ""
        try await Served.run { served in
            path = served.folder + "/rpc"
            var facts = stat()
            #expect(stat(path, &facts) == 0)
            #expect(facts.st_mode & 0o777 == 0o600)
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test func aSecondServerIsRefusedAndTheFirstGoesOn() async throws {
        try await Served.run { served in
            let second = other()
            let refusal = await code { () async throws(RPCError) in
                try await second.listen(on: served.unix, family: .rpc)
            }
            #expect(refusal == .addressInUse)
            let tcp = await code { () async throws(RPCError) in
                try await second.listen(on: served.tcp, family: .rpc)
            }
            #expect(tcp == .addressInUse)
            await second.close()
            await (try served.connect()).close()
        }
    }

    @Test func aStaleSocketFileIsReplaced() async throws {
        try await Served.run { served in
            let path = served.folder + "/stale"
            let first = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let answer = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(first, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(answer == 0)
            close(first)
            let endpoint = try await served.server.listen(on: .unix(path: path), family: .rpc)
            await (try served.connect(to: endpoint)).close()
        }
    }

    @Test func aFileThatIsNoSocketIsLeftAlone() async throws {
        try await Served.run { served in
            let path = served.folder + "/film"
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            let refusal = await code { () async throws(RPCError) in
                try await served.server.listen(on: .unix(path: path), family: .rpc)
            }
            #expect(refusal == .addressInUse)
            #expect(access(path, F_OK) == 0)
        }
    }

    @Test func aPathThatIsTooLongIsRefusedInWords() async throws {
        try await Served.run { served in
            let path = served.folder + "/" + String(repeating: "x", count: 120)
            do throws(RPCError) {
                try await served.server.listen(on: .unix(path: path), family: .rpc)
                Issue.record("it listens on a path that the kernel cannot take")
            } catch {
                #expect(error.code == .pathTooLong)
                #expect(error.message.contains("107"))
            }
        }
    }

    @Test func addressesOfOtherMachinesAreRefused() async throws {
        try await Served.run { served in
            let refusal = await code { () async throws(RPCError) in
                try await served.server.listen(on: .tcp(host: "0.0.0.0", port: 0), family: .rpc)
            }
            #expect(refusal == .addressDenied)
        }
    }

    @Test func moreConnectionsThanAllowedAreToldSo() async throws {
        try await Served.run {
            $0.connectionsMax = 1
        } _: { served in
            let first = try await served.connect()
            let refusal = await code { () async throws(RPCError) in
                _ = try await served.connect()
            }
            #expect(refusal == .refused(.overloaded))
            await first.close()
        }
    }

    @Test func aKilledWorkerProcessIsTold() async throws {
        try await Served.run { served in
            // perl-base is part of every Debian.
            let script = """
                use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0); \
                connect(S, sockaddr_un($ARGV[0])) or die; syswrite(S, pack("H*", $ARGV[1])); \
                sysread(S, $b, 16); syswrite(S, pack("H*", $ARGV[2])); sysread(S, $b, 4096); \
                sleep 100;
                """
            let arguments = [
                "perl", "-e", script, served.folder + "/rpc",
                hex(ClientPreface(role: .worker).encoded), hex(hello),
            ]
            let pid = try #require(spawn("/usr/bin/perl", arguments))
            let id = await served.peer.wait {
                if case .opened(let id, .worker) = $0 { id } else { nil }
            }
            #expect(served.peer.peers.first?.pid == pid)
            kill(pid, SIGKILL)
            let gone = await served.peer.wait {
                if case .processGone(let id) = $0 { id } else { nil }
            }
            #expect(gone == id)
            waitpid(pid, nil, 0)
        }
    }

    @Test func aWorkerThatLosesItsConnectionButLivesIsNotGone() async throws {
        try await Served.run { served in
            let worker = try await served.connect(.worker)
            await worker.abort()
            let id = await served.peer.wait {
                if case .closed(let id, false) = $0 { id } else { nil }
            }
            #expect(id != nil)
            // A second worker's whole life is later than the wait for the first's process.
            let until = ContinuousClock.now + Limits.processGoneWait + .milliseconds(50)
            while ContinuousClock.now < until { await (try served.connect()).close() }
            await served.server.close()
            let gone = await served.peer.wait { heard -> Bool? in
                if case .processGone = heard { return true }
                if case .closed(let last, _) = heard, last == served.peer.peers.last?.id {
                    return false
                }
                return nil
            }
            #expect(gone == false)
        }
    }

    @Test func drainAnswersWhatIsOpenAndSaysGoodbyeTwice() async throws {
        try await Served.run { served in
            let connection = try await served.connect(.worker)
            served.peer.hold(true)
            async let answer = connection.call(
                Heartbeat.self,
                .init(assignedSeen: 0, open: 0, digest: 0)
            )
            let id = await served.peer.wait {
                if case .request(.heartbeat, let id) = $0 { id } else { nil }
            }
            async let drained: Void = served.server.drain(.seconds(20))
            var farewells: [UInt32] = []
            var closed: RPCError??
            for await push in connection.pushes {
                if case .farewell(let message) = push {
                    farewells.append(message.lastRequestID)
                    if farewells.count == 2, let kept = served.peer.kept.first {
                        served.server.deliver([
                            .response(
                                Heartbeat.self,
                                .init(),
                                to: kept.connection,
                                request: kept.requestID
                            )
                        ])
                    }
                }
                if case .closed(let error) = push { closed = error }
            }
            _ = try await answer
            await drained
            let last = try #require(id)
            #expect(farewells == [GoAway.lastUnknown, last])
            #expect(closed != nil)
            await #expect(throws: RPCError.self) { _ = try await served.connect() }
        }
    }

    // An owner that has no room stops reading; what the peer sends stays where it is, and the peer
    // does not count as silent.
    @Test func aHeldConnectionIsNotReadUntilItIsFreed() async throws {
        try await Served.run { configuration in
            configuration.session.keepaliveIdle = .milliseconds(40)
            configuration.session.keepaliveDead = .milliseconds(120)
        } _: { served in
            guard case .unix(let path) = served.unix else { return }
            let raw = try RawSocket(path)
            try raw.shakeHands(.worker)
            let id = try #require(
                await served.peer.wait {
                    if case .opened(let id, _) = $0 { id } else { nil }
                }
            )
            // What is told behind it says that it is in force.
            served.server.deliver([
                .reading(isHeld: true, on: id),
                .event(Revoke.self, Revoke.Event(revocations: []), to: id),
            ])
            try Self.skip(to: .event, raw)
            // The read that was asked for before still takes the first.
            try raw.send(heartbeat(1))
            try Self.skip(to: .response, raw)
            try raw.send(heartbeat(3))
            // Longer than a silent peer is borne; signs of life are asked for meanwhile.
            let until = ContinuousClock.now + .milliseconds(400)
            var entry = pollfd(fd: raw.descriptor, events: Int16(POLLIN), revents: 0)
            while ContinuousClock.now < until {
                guard poll(&entry, 1, 100) > 0 else { continue }
                let frame = try #require(try raw.readFrame(), "the peer was closed")
                #expect(frame.header.type == FrameKind.ping.rawValue)
            }
            served.server.deliver([.reading(isHeld: false, on: id)])
            try Self.skip(to: .response, raw)
        }
    }

    private static func skip(to kind: FrameKind, _ raw: RawSocket) throws {
        while true {
            let frame = try #require(try raw.readFrame(), "the peer was closed")
            if frame.header.type == kind.rawValue { return }
        }
    }

    private func heartbeat(_ id: UInt32) -> [UInt8] {
        frame(kind: .request, .heartbeat, id: id) {
            Heartbeat.Request(assignedSeen: 0, open: 0, digest: 0)
        }
    }
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }.joined()
}

private func spawn(_ program: String, _ arguments: [String]) -> pid_t? {
    var pid: pid_t = 0
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return posix_spawn(&pid, program, nil, nil, pointers, nil) == 0 ? pid : nil
}
