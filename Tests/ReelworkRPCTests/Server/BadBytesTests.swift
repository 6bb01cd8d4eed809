// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a server does with bytes that nobody should send.

import Glibc
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: no bytes of one connection hurt another, and each gets what the specification says.
// Method: raw sockets beside a good client that must be served afterwards. Security checklist 6
// (desync), Security checklist 7 (slow peers).
@Suite(.timeLimit(.minutes(1)))
struct BadBytesTests {
    /// Runs a test and then checks that a good client is still served.
    private func run(
        _ change: (inout RPCServerConfiguration) -> Void = { _ in },
        _ body: (Served, RawSocket) async throws -> Void
    ) async throws {
        try await Served.run(change) { served in
            let good = try await served.connect()
            guard case .unix(let path) = served.unix else { return }
            try await body(served, try RawSocket(path))
            let ref = JobRef.number(JobNumber(5))
            let answer = try await good.call(GetJob.self, .init(ref: ref, detail: .short))
            #expect(answer.job.number == JobNumber(5))
            await good.close()
        }
    }

    @Test(
        arguments: [
            Array("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03],
            [UInt8](repeating: 0, count: 4_096),
            [UInt8](repeating: 0xFF, count: 70_000),
            Array(Preface.magic.prefix(7)) + [0x0B],
            ClientPreface(role: .worker).encoded.dropLast() + [0],
            ClientPreface(role: .worker).encoded + [1],
        ] as [[UInt8]]
    )
    func garbageIsClosedWithoutAnAnswer(bytes: [UInt8]) async throws {
        try await run { _, raw in
            try? raw.send(bytes)
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test func rolesThatTheSocketIsNotForAreDenied() async throws {
        try await run { served, raw in
            try raw.send(ClientPreface(role: .admin).encoded)
            let rest = try raw.readAll()
            #expect(rest == ServerPreface(status: .denied).encoded)
            await #expect(throws: RPCError.self) { _ = try await served.connect(.admin) }
            await #expect(throws: RPCError.self) {
                _ = try await served.connect(.worker, to: served.admin)
            }
            await (try served.connect(.admin, to: served.admin)).close()
        }
    }

    @Test func helloBeforeThePrefaceIsAnsweredIsRefused() async throws {
        try await run { _, raw in
            try raw.send(ClientPreface(role: .submitter).encoded + hello)
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test func aRequestBehindHelloIsRefused() async throws {
        try await run { _, raw in
            try raw.send(ClientPreface(role: .submitter).encoded)
            _ = try raw.read(Preface.byteCount)
            try raw.send(hello + getJob(1, id: 1))
            let error = try #require(try raw.readFrame())
            #expect(error.header.kind == .error)
            let message = try ErrorMessage.decode(error.body.span.bytes)
            #expect(message.code == .known(.protocolError))
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test(arguments: [1, 7, 64])
    func bytesMayComeInAnyCut(step: Int) async throws {
        try await run { _, raw in
            try raw.shakeHands(.submitter, step: step)
            try raw.sendCut(getJob(9, id: 1) + getJob(10, id: 3), step)
            for (id, number) in [(UInt32(1), UInt64(9)), (3, 10)] {
                let answer = try #require(try raw.readFrame())
                #expect(answer.header.kind == .response)
                #expect(answer.header.requestID == id)
                let job = try GetJob.Response.decode(answer.body.span.bytes).job
                #expect(job.number == JobNumber(number))
            }
        }
    }

    @Test func aFrameThatIsTooLargeIsSkippedAndTheNextIsServed() async throws {
        try await run { _, raw in
            try raw.shakeHands(.submitter)
            let large = [UInt8](repeating: 7, count: Limits.frameBytesMax + 1)
            try raw.send(header(.request, .submitBatch, id: 1, large) + getJob(3, id: 3))
            let error = try #require(try raw.readFrame())
            #expect(error.header.requestID == 1)
            let message = try ErrorMessage.decode(error.body.span.bytes)
            #expect(message.code == .known(.frameTooLarge))
            #expect(message.limit == UInt64(Limits.frameBytesMax))
            let answer = try #require(try raw.readFrame())
            #expect(answer.header.kind == .response)
            #expect(answer.header.requestID == 3)
        }
    }

    @Test func aMalformedBodyClosesAndASenselessOneDoesNot() async throws {
        try await run { _, raw in
            try raw.shakeHands(.submitter)
            // View 9 is well-formed and means nothing.
            try raw.send(header(.request, .getJob, id: 1, [1, 5, 9, 0]))
            let senseless = try #require(try raw.readFrame())
            #expect(senseless.header.requestID == 1)
            #expect(
                try ErrorMessage.decode(senseless.body.span.bytes).code
                    == .known(.invalidArgument)
            )
            try raw.send(header(.request, .getJob, id: 3, [1]))
            let malformed = try #require(try raw.readFrame())
            #expect(malformed.header.requestID == 0)
            #expect(
                try ErrorMessage.decode(malformed.body.span.bytes).code == .known(.protocolError)
            )
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test func anUnknownMethodIsUnimplemented() async throws {
        try await run { _, raw in
            try raw.shakeHands(.submitter)
            try raw.send(header(.request, .heartbeat, id: 1, [0]) + getJob(3, id: 3))
            let error = try #require(try raw.readFrame())
            #expect(
                try ErrorMessage.decode(error.body.span.bytes).code == .known(.unimplemented)
            )
            #expect(try #require(try raw.readFrame()).header.requestID == 3)
        }
    }

    @Test func aResetInMidFrameEndsThatConnectionAlone() async throws {
        try await run { served, raw in
            try raw.shakeHands(.worker)
            let id = try #require(
                await served.peer.wait {
                    if case .opened(let id, .worker) = $0 { id } else { nil }
                }
            )
            try raw.send(Array(getJob(1, id: 1).prefix(30)))
            shutdown(raw.descriptor, Int32(SHUT_RDWR))
            let isFarewell = await served.peer.wait {
                if case .closed(id, let isFarewell) = $0 { isFarewell } else { nil }
            }
            #expect(isFarewell == false)
        }
    }

    @Test func aPeerThatClosesItsHalfIsClosed() async throws {
        try await run { _, raw in
            try raw.shakeHands(.submitter)
            shutdown(raw.descriptor, Int32(SHUT_WR))
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test func aPeerThatSaysNothingIsClosed() async throws {
        try await run { configuration in
            configuration.session.prefaceTime = .milliseconds(100)
        } _: { _, raw in
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test func aHandshakeThatTakesTooLongIsEnded() async throws {
        try await run { configuration in
            configuration.session.handshakeTime = .milliseconds(200)
        } _: { _, raw in
            try raw.send(ClientPreface(role: .submitter).encoded)
            _ = try raw.read(Preface.byteCount)
            let error = try #require(try raw.readFrame())
            #expect(
                try ErrorMessage.decode(error.body.span.bytes).code == .known(.handshakeTimeout)
            )
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test func aSilentPeerIsAskedAndThenClosed() async throws {
        try await run { configuration in
            // The peer that behaves is asked too, and it bears no more than 10 PINGs in 10 s.
            configuration.session.keepaliveIdle = .seconds(1)
            configuration.session.keepaliveDead = .seconds(2)
        } _: { _, raw in
            try raw.shakeHands(.submitter)
            let ping = try #require(try raw.readFrame())
            #expect(ping.header.kind == .ping)
            while let next = try raw.readFrame() { #expect(next.header.kind == .ping) }
        }
    }

    @Test func aBodyThatDoesNotComeIsNotAwaited() async throws {
        try await run { configuration in
            configuration.session.bodyTime = .milliseconds(100)
        } _: { _, raw in
            try raw.shakeHands(.submitter)
            try raw.send(Array(getJob(1, id: 1).prefix(26)))
            let rest = try raw.readAll()
            #expect(rest == [])
        }
    }

    @Test func whoNeverReadsIsClosedWhileOthersAreServed() async throws {
        try await run { configuration in
            configuration.session.outboundBytesPause = 64 << 10
            configuration.session.outboundBytesMax = 256 << 10
        } _: { served, raw in
            try raw.shakeHands(.submitter)
            var id: UInt32 = 1
            // It goes on asking until the server will not have it any more.
            while (try? raw.send(getJob(1, id: id))) != nil { id += 2 }
            let isPaused = await served.peer.wait {
                if case .paused(let isPaused) = $0 { isPaused } else { nil }
            }
            #expect(isPaused == true)
            let hasClosed = await served.peer.wait {
                if case .closed = $0 { true } else { nil }
            }
            #expect(hasClosed == true)
        }
    }

    @Test func whoTakesNothingForLongIsClosed() async throws {
        try await run { configuration in
            configuration.session.outboundStallMax = .milliseconds(300)
        } _: { served, raw in
            try raw.shakeHands(.submitter)
            // Half a megabyte of answers: more than the kernel holds, less than is closed at once.
            for id in stride(from: UInt32(1), to: 16_000, by: 2) {
                guard (try? raw.send(getJob(1, id: id))) != nil else { break }
            }
            let hasClosed = await served.peer.wait {
                if case .closed = $0 { true } else { nil }
            }
            #expect(hasClosed == true)
        }
    }

    @Test func readingWaitsWhereMemoryIsShort() async throws {
        try await run { configuration in
            configuration.payloadBytesMax = 100_000
        } _: { served, first in
            guard case .unix(let path) = served.unix else { return }
            let second = try RawSocket(path)
            let item = SubmitItem(key: "k", spec: [UInt8](repeating: 1, count: 80_000))
            let request = frame(kind: .request, .submitBatch, id: 1) {
                SubmitBatch.Request(isAtomic: false, items: [item])
            }
            for raw in [first, second] { try raw.shakeHands(.submitter) }
            // The first's frame holds the memory, so the second's rest stays in the kernel; it
            // fits there, or this would block.
            try first.send(Array(request.prefix(100)))
            try await untilRead(first)
            try second.send(Array(request.prefix(100)))
            try second.send(Array(request[100...]))
            var entry = pollfd(fd: second.descriptor, events: Int16(POLLIN), revents: 0)
            #expect(poll(&entry, 1, 100) == 0)
            try first.send(Array(request[100...]))
            for raw in [first, second] {
                let answer = try #require(try raw.readFrame())
                #expect(answer.header.kind == .response)
            }
        }
    }

    /// Waits until the peer has read all that was sent.
    private func untilRead(_ raw: RawSocket) async throws {
        var waiting: Int32 = 1
        while waiting > 0 {
            // SIOCOUTQ: bytes that the peer has not read.
            guard ioctl(raw.descriptor, 0x5411, &waiting) == 0 else { return }
            await Task.yield()
        }
    }
}
