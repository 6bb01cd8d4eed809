// SPDX-License-Identifier: Apache-2.0
// Reelwork: what waits for readers that do not read

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: what waits for peers that read nothing is bounded, one by one and all together, and who
/// makes news hears when there is room for more.
///
/// Security checklist 7 (slow peers, and those that linger).
///
/// Method: raw sockets that do not read; the test hands out answers of known size.
@Suite(.timeLimit(.minutes(1)))
struct SlowReaderTests {
    /// More than the kernel keeps for a socket, in answers to all requests that may be open.
    private static let answerBytes = 32_000
    private static let asked = 32

    private func path(_ served: Served) -> String { served.folder + "/rpc" }

    /// A peer whose requests are open at the server.
    private func asker(_ served: Served) async throws -> (RawSocket, RPCConnectionID) {
        let raw = try RawSocket(path(served))
        try raw.shakeHands(.submitter)
        let id = await served.peer.wait {
            if case .opened(let id, _) = $0 { id } else { nil }
        }
        for index in 0..<UInt32(Self.asked) { try raw.send(getJob(1, id: 2 * index + 1)) }
        var count = 0
        _ = await served.peer.wait { heard -> Bool? in
            if case .request = heard { count += 1 }
            return count == Self.asked ? true : nil
        }
        return (raw, try #require(id))
    }

    /// Answers all requests of a connection; a megabyte in all where nothing else is said.
    private func answer(
        _ served: Served,
        _ id: RPCConnectionID,
        bytes: Int = SlowReaderTests.answerBytes,
        probe: Bool = false
    ) {
        var deliveries = served.peer.kept.filter { $0.connection == id }.map { incoming in
            RPCDelivery.response(
                GetJob.self,
                .init(
                    job: jobView(
                        .number(JobNumber(1)),
                        parameters: [
                            Parameter(
                                key: "a",
                                value: String(repeating: "x", count: bytes)
                            )
                        ]
                    )
                ),
                to: id,
                request: incoming.requestID
            )
        }
        if probe { deliveries.append(.probe(id)) }
        served.server.deliver(deliveries)
    }

    @Test func whereAllTogetherHoldTooMuchTheSlowestGoes() async throws {
        try await Served.run {
            $0.outboundBytesMax = 2 << 20
            // So that nothing but the room of all together ends one.
            $0.session.outboundStallMax = .seconds(600)
        } _: { served in
            let good = try await served.connect()
            _ = await served.peer.wait { if case .opened = $0 { true } else { nil } }
            served.peer.hold(true)
            var raws: [RawSocket] = []
            var ids: [RPCConnectionID] = []
            for _ in 0..<4 {
                let (raw, id) = try await asker(served)
                raws.append(raw)
                ids.append(id)
            }
            for id in ids { answer(served, id) }
            // Four times some 800 KiB wait, so that the first goes and no more than needed.
            let closed = await served.peer.wait {
                if case .closed(let id, _) = $0 { id } else { nil }
            }
            #expect(closed == ids.first)
            served.peer.hold(false)
            let ref = JobRef.number(JobNumber(5))
            let view = try await good.call(GetJob.self, .init(ref: ref, detail: .short))
            #expect(view.job.number == JobNumber(5))
            // The last is still there, and gets all that it was promised.
            let last = try #require(raws.last)
            for _ in 0..<Self.asked {
                #expect(try #require(try last.readFrame()).body.count > Self.answerBytes)
            }
            await good.close()
        }
    }

    // Hostile review 5: what is known of readers that do read is more than waits for them. Method:
    // many read most of what they were sent, of which the server has not asked since; then one is
    // sent so much that there would be no room if it still waited.
    @Test func nobodyGoesForWhatHasLeftAlready() async throws {
        try await Served.run {
            $0.outboundBytesMax = 57 << 20
            $0.session.outboundBytesMax = 64 << 20
            $0.session.outboundStallMax = .seconds(600)
        } _: { served in
            let good = try await served.connect()
            let goodID = await served.peer.wait {
                if case .opened(let id, _) = $0 { id } else { nil }
            }
            served.peer.hold(true)
            var readers: [(raw: RawSocket, left: Int)] = []
            for index in 0..<86 {
                let isLarge = index >= 70
                let (raw, id) = try await asker(served)
                answer(served, id, bytes: isLarge ? 64_000 : 20_000)
                readers.append((raw, isLarge ? 4 : 22))
            }
            for reader in readers {
                for _ in reader.left..<Self.asked { _ = try #require(try reader.raw.readFrame()) }
            }
            let (deaf, id) = try await asker(served)
            answer(served, id, bytes: 1_000_000)
            served.server.deliver([.probe(try #require(goodID))])
            _ = await served.peer.wait { if case .roomy = $0 { true } else { nil } }
            for reader in readers {
                for _ in 0..<reader.left {
                    #expect(try #require(try reader.raw.readFrame()).body.count >= 20_000)
                }
            }
            #expect(try deaf.readFrame() != nil)
            await good.close()
        }
    }

    // A connection that has ended anyway makes room before one that is only slow.
    @Test func whoLingersGoesBeforeWhoIsSlow() async throws {
        try await Served.run {
            $0.outboundBytesMax = 2 << 20
            $0.session.outboundStallMax = .seconds(600)
        } _: { served in
            let good = try await served.connect()
            let goodID = await served.peer.wait {
                if case .opened(let id, _) = $0 { id } else { nil }
            }
            served.peer.hold(true)
            let (slow, slowID) = try await asker(served)
            answer(served, slowID)
            let (broken, brokenID) = try await asker(served)
            answer(served, brokenID)
            // An even id is no client's: the connection ends, and lingers as nobody reads why.
            try broken.send(getJob(1, id: 2))
            let ended = await served.peer.wait {
                if case .closed(let id, _) = $0 { id } else { nil }
            }
            #expect(ended == brokenID)
            let (last, lastID) = try await asker(served)
            answer(served, lastID)
            // Nobody reads before all has been sent as far as it goes.
            served.server.deliver([.probe(try #require(goodID))])
            _ = await served.peer.wait { if case .roomy = $0 { true } else { nil } }
            for raw in [last, slow] {
                for _ in 0..<Self.asked {
                    #expect(try #require(try raw.readFrame()).body.count > Self.answerBytes)
                }
            }
            // What the kernel had not taken for the broken one is lost.
            var whole = 0
            while let frame = try broken.readFrame(), frame.body.count > Self.answerBytes {
                whole += 1
            }
            #expect(whole < Self.asked)
            await good.close()
        }
    }

    @Test func onlySoManyLinger() async throws {
        try await Served.run { served in
            var raws: [RawSocket] = []
            for _ in 0..<Limits.lingeringMax + 1 {
                let raw = try RawSocket(served.folder + "/rpc")
                try raw.shakeHands(.submitter)
                raws.append(raw)
            }
            // Each reads why it is closed, and does not close its side.
            for raw in raws {
                try raw.send(getJob(1, id: 2))
                let frame = try #require(try raw.readFrame())
                let why = try ErrorMessage.decode(frame.body.span.bytes)
                #expect(why.code == .known(.protocolError))
            }
            // The loop has done with the last when it answers somebody else.
            let good = try await served.connect()
            let first = try #require(raws.first)
            let last = try #require(raws.last)
            #expect(throws: SystemFailure.self) { try first.send([0]) }
            #expect(throws: Never.self) { try last.send([0]) }
            await good.close()
        }
    }

    @Test func aProbeIsAnsweredAtOnceWhereNothingWaits() async throws {
        try await Served.run { served in
            let good = try await served.connect()
            let id = await served.peer.wait {
                if case .opened(let id, _) = $0 { id } else { nil }
            }
            served.server.deliver([.probe(try #require(id))])
            let roomy = await served.peer.wait { if case .roomy(let id) = $0 { id } else { nil } }
            #expect(roomy == id)
            await good.close()
        }
    }

    @Test func aProbeBehindMuchIsAnsweredWhenThePeerHasRead() async throws {
        try await Served.run { served in
            served.peer.hold(true)
            let (slow, id) = try await asker(served)
            let good = try await served.connect()
            let other = await served.peer.wait {
                if case .opened(let id, _) = $0 { id } else { nil }
            }
            answer(served, id, probe: true)
            // The other's probe was sent after the slow one's and is answered before it.
            served.server.deliver([.probe(try #require(other))])
            let first = await served.peer.wait { if case .roomy(let id) = $0 { id } else { nil } }
            #expect(first == other)
            for _ in 0..<Self.asked { _ = try slow.readFrame() }
            let second = await served.peer.wait { if case .roomy(let id) = $0 { id } else { nil } }
            #expect(second == id)
            await good.close()
        }
    }

    /// Delivers a ticket; answers what it tells.
    private func deliverTicket(_ served: Served, _ id: RPCConnectionID) -> AsyncStream<String> {
        let (told, source) = AsyncStream<String>.makeStream(bufferingPolicy: .unbounded)
        let ticket = DeliveryTicket(
            framed: { source.yield("framed") },
            left: {
                source.yield("left")
                source.finish()
            }
        )
        served.server.deliver([.ticket(ticket, id)])
        return told
    }

    private func next(_ told: AsyncStream<String>) async -> String? {
        for await word in told { return word }
        return nil
    }

    @Test func aTicketBehindMuchIsGivenBackWhenThePeerHasRead() async throws {
        try await Served.run { served in
            served.peer.hold(true)
            let (slow, id) = try await asker(served)
            let (other, otherID) = try await asker(served)
            answer(served, id)
            let told = deliverTicket(served, id)
            #expect(await next(told) == "framed")
            // Another's, to whom nothing was sent, comes back at once, and before it.
            let freeTold = deliverTicket(served, otherID)
            #expect(await next(freeTold) == "framed")
            #expect(await next(freeTold) == "left")
            for _ in 0..<Self.asked { _ = try slow.readFrame() }
            #expect(await next(told) == "left")
            _ = other
        }
    }

    @Test func theTicketOfAConnectionThatEndsIsGivenBack() async throws {
        try await Served.run { served in
            served.peer.hold(true)
            var slow: RawSocket?
            let id: RPCConnectionID
            (slow, id) = try await asker(served)
            answer(served, id)
            let told = deliverTicket(served, id)
            #expect(await next(told) == "framed")
            #expect(slow != nil)
            slow = nil
            #expect(await next(told) == "left")
            let lateTold = deliverTicket(served, id)
            #expect(await next(lateTold) == "framed")
            #expect(await next(lateTold) == "left")
        }
    }

    // Method: answers of which another thread has made every second one into a frame.
    @Test func framesThatOthersMadeKeepTheirPlace() async throws {
        try await Served.run { served in
            served.peer.hold(true)
            let (raw, id) = try await asker(served)
            var printer = FramePrinter()
            var deliveries: [RPCDelivery] = []
            for (index, incoming) in served.peer.kept.enumerated() {
                let text = String(repeating: "x", count: Self.answerBytes)
                let parameters = (0..<(index % 4 < 2 ? 0 : 4)).map {
                    Parameter(key: "a\($0)", value: text)
                }
                let view = jobView(
                    .number(JobNumber(UInt64(index + 1))),
                    parameters: parameters
                )
                let delivery = RPCDelivery.response(
                    GetJob.self,
                    .init(job: view),
                    to: id,
                    request: incoming.requestID
                )
                deliveries.append(
                    index.isMultiple(of: 2)
                        ? delivery
                        : printer.print(
                            delivery,
                            frameBytesMax: Limits.frameBytesMax,
                            isCompressed: false
                        )
                )
            }
            served.server.deliver(deliveries)
            for index in 0..<UInt64(Self.asked) {
                let frame = try #require(try raw.readFrame())
                #expect(frame.header.requestID == UInt32(2 * index + 1))
                let job = try GetJob.Response.decode(frame.body.span.bytes).job
                #expect(job.number == JobNumber(index + 1))
            }
        }
    }
}
