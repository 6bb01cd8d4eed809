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

    // A CANCEL between the PINGs makes them other traffic; what is then owed is bounded like all
    // that waits for a reader.
    @Test func aFloodOfControlFramesFromOneThatReadsNothingIsBounded() async throws {
        try await Served.run { configuration in
            configuration.session.outboundBytesPause = 64 << 10
            configuration.session.outboundBytesMax = 256 << 10
            configuration.session.outboundStallMax = .milliseconds(300)
        } _: { served in
            let good = try await served.connect()
            let raw = try socket(served)
            let id = try #require(served.peer.peers.last?.id)
            var part: [UInt8] = []
            for number in 0..<UInt64(200) { part += ping(number) + cancel(1) }
            while (try? raw.send(part)) != nil {}
            let closed = await served.peer.wait {
                if case .closed(let id, _) = $0 { id } else { nil }
            }
            #expect(closed == id)
            try await serves(good)
            await good.close()
        }
    }

    // CANCEL of what is not open and PONGs that nobody asked for are dropped, and cost no memory.
    @Test func aFloodOfCancelsAndPongsHoldsNobodyUp() async throws {
        try await Served.run { served in
            let good = try await served.connect()
            let raw = try socket(served)
            var part: [UInt8] = []
            for number in 0..<UInt64(500) {
                part += cancel(UInt32(number) * 2 + 1) + frame(kind: .pong) { Ping(opaque: number) }
            }
            for _ in 0..<40 {
                try raw.send(part)
                try await serves(good)
            }
            try raw.send(getJob(3, id: 1))
            #expect(try #require(try raw.readFrame()).header.kind == .response)
            await good.close()
        }
    }
}
