// SPDX-License-Identifier: Apache-2.0
// Reelwork: peers that send far more than they should.

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: requests that are canceled at once, PINGs and other control frames without end cost no
/// more than was agreed, and others are served meanwhile.
///
/// Security checklist 7 (CVE-2023-44487 rapid reset, CVE-2019-9511 to 9518 floods).
///
/// Method: raw sockets that flood, beside a good client that must be served during and after it.
@Suite(.timeLimit(.minutes(1)))
struct FloodTests {
    private static let inFlight = Limits.requestsInFlightMax

    private func socket(_ served: Served) throws -> RawSocket {
        let raw = try RawSocket(served.folder + "/rpc")
        try raw.shakeHands(.submitter)
        return raw
    }

    private func cancel(_ id: UInt32) -> [UInt8] {
        FrameHeader(
            type: FrameKind.cancel.rawValue,
            methodField: 0,
            requestID: id,
            wireLength: 0,
            plainLength: 0,
            payloadChecksum: 0
        ).encoded
    }

    private func ping(_ number: UInt64) -> [UInt8] {
        frame(kind: .ping) { Ping(opaque: number) }
    }

    private func serves(_ good: RPCConnection) async throws {
        let ref = JobRef.number(JobNumber(5))
        let answer = try await good.call(GetJob.self, .init(ref: ref, detail: .short))
        #expect(answer.job.number == JobNumber(5))
    }

    // Rapid reset: the room is free when the work has ended, not when nobody wants it any more.
    @Test func aCanceledRequestCountsUntilItsWorkEnds() async throws {
        try await Served.run { served in
            let good = try await served.connect()
            served.peer.hold(true)
            let raw = try socket(served)
            var flood: [UInt8] = []
            for index in 0..<UInt32(Self.inFlight * 10) {
                flood += getJob(1, id: 2 * index + 1) + cancel(2 * index + 1)
            }
            try raw.send(flood)
            // All but the first are refused, each by name.
            for index in Self.inFlight..<Self.inFlight * 10 {
                let frame = try #require(try raw.readFrame())
                #expect(frame.header.kind == .error)
                #expect(frame.header.requestID == UInt32(2 * index + 1))
                let error = try ErrorMessage.decode(frame.body.span.bytes)
                #expect(error.code == .known(.busy))
            }
            let kept = served.peer.kept
            #expect(kept.count == Self.inFlight)
            // One that ends makes room for one.
            let first = try #require(kept.first)
            served.server.deliver([
                .response(
                    GetJob.self,
                    .init(job: jobView(.number(JobNumber(1)))),
                    to: first.connection,
                    request: first.requestID
                )
            ])
            #expect(try #require(try raw.readFrame()).header.kind == .response)
            served.peer.hold(false)
            let next = UInt32(Self.inFlight * 20 + 1)
            for id in [next, next + 2] {
                try raw.send(getJob(1, id: id))
                let frame = try #require(try raw.readFrame())
                #expect(frame.header.kind == .response)
                #expect(frame.header.requestID == id)
            }
            try await serves(good)
            await good.close()
        }
    }

    @Test func aFloodOfPingsEndsItsConnectionAlone() async throws {
        try await Served.run { served in
            let good = try await served.connect()
            let raw = try socket(served)
            let flood = [[UInt8]](repeating: ping(7), count: 10_000).flatMap { $0 }
            try? raw.send(flood)
            var pongs = 0
            var last: ErrorMessage?
            while let frame = try raw.readFrame() {
                if frame.header.kind == .pong { pongs += 1 }
                if frame.header.kind == .error {
                    last = try ErrorMessage.decode(frame.body.span.bytes)
                }
            }
            #expect(pongs == Limits.pingsPerTenSeconds)
            #expect(last?.code == .known(.enhanceCalm))
            try await serves(good)
            await good.close()
        }
    }

    /// Reads until the connection ends; the ERROR that ended it.
    private func end(_ raw: RawSocket) throws -> ErrorMessage? {
        var last: ErrorMessage?
        while let frame = try raw.readFrame() {
            if frame.header.kind == .error, frame.header.requestID == 0 {
                last = try ErrorMessage.decode(frame.body.span.bytes)
            }
        }
        return last
    }

    /// A control frame of this sort, as many as there may be without end.
    private func control(_ sort: String, _ number: UInt32) -> [UInt8] {
        switch sort {
        case "CANCEL": cancel(2 * number + 1)
        case "PONG": frame(kind: .pong) { Ping(opaque: UInt64(number)) }
        case "PING between CANCELs": number % 2 == 0 ? ping(1) : cancel(1)
        case "GOAWAY":
            frame(kind: .goaway) {
                GoAway(lastRequestID: GoAway.lastUnknown, code: .ok, drain: .seconds(1))
            }
        default: unknown(type: sort == "ignorable" ? 0x80 : 0x7F)
        }
    }

    /// An empty frame of a type that nobody knows.
    private func unknown(type: UInt8) -> [UInt8] {
        FrameHeader(
            type: type,
            methodField: 0,
            requestID: 1,
            wireLength: 0,
            plainLength: 0,
            payloadChecksum: 0
        ).encoded
    }

    @Test(arguments: [
        "CANCEL", "PONG", "PING between CANCELs", "GOAWAY", "ignorable", "unknown",
    ])
    func controlFramesWithoutEndEndTheirConnectionAlone(sort: String) async throws {
        try await Served.run { served in
            let good = try await served.connect()
            let raw = try socket(served)
            // As many as may come at once do no harm.
            var part: [UInt8] = []
            for number in 0..<UInt32(Limits.controlFramesBurst / 2) {
                part += control(sort, number)
            }
            try raw.send(part)
            try raw.send(getJob(3, id: 1_000_001))
            var isAnswered = false
            while !isAnswered, let frame = try raw.readFrame() {
                isAnswered = frame.header.kind == .response
            }
            #expect(isAnswered)
            for _ in 0..<200 { try? raw.send(part) }
            let last = try end(raw)
            #expect(last?.code == .known(.enhanceCalm))
            #expect(last?.retryAfter == Limits.retryAfterRefusal)
            try await serves(good)
            await good.close()
        }
    }

    // Who cancels all it asked for, however fast, is no flood.
    @Test func aCancelForEachRequestIsNoFlood() async throws {
        try await Served.run { served in
            let good = try await served.connect()
            let raw = try socket(served)
            for turn in 0..<UInt32(100) {
                var part: [UInt8] = []
                for index in 0..<UInt32(Self.inFlight) {
                    let id = 2 * (turn * UInt32(Self.inFlight) + index) + 1
                    part += getJob(1, id: id) + cancel(id)
                }
                try raw.send(part)
                for index in 0..<UInt32(Self.inFlight) {
                    let frame = try #require(try raw.readFrame())
                    #expect(frame.header.kind == .response)
                    let id = 2 * (turn * UInt32(Self.inFlight) + index) + 1
                    #expect(frame.header.requestID == id)
                }
            }
            try await serves(good)
            await good.close()
        }
    }

    // What is owed to one that asks and reads nothing is bounded like all that waits for a reader.
    @Test func aFloodOfRequestsFromOneThatReadsNothingIsBounded() async throws {
        try await Served.run { configuration in
            configuration.session.outboundBytesPause = 64 << 10
            configuration.session.outboundBytesMax = 256 << 10
            configuration.session.outboundStallMax = .milliseconds(300)
        } _: { served in
            let good = try await served.connect()
            let raw = try socket(served)
            let id = try #require(served.peer.peers.last?.id)
            var next: UInt32 = 1
            while true {
                var part: [UInt8] = []
                for _ in 0..<200 {
                    part += getJob(1, id: next)
                    next += 2
                }
                guard (try? raw.send(part)) != nil else { break }
            }
            let closed = await served.peer.wait {
                if case .closed(let id, _) = $0 { id } else { nil }
            }
            #expect(closed == id)
            try await serves(good)
            await good.close()
        }
    }
}
