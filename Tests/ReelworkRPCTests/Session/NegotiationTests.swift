// SPDX-License-Identifier: Apache-2.0
// Reelwork: sides of different ages and sizes

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: an older side and a newer one understand each other as far as both can, and what only one
/// knows is skipped or refused by name.
///
/// Method: raw sockets that offer what this version would not, and servers that serve less.
@Suite(.timeLimit(.minutes(1)))
struct NegotiationTests {
    private func raw(_ served: Served) throws -> RawSocket {
        try RawSocket(served.folder + "/rpc")
    }

    /// Shakes hands with a HELLO of the test's own; gives the answer.
    private func shake(_ raw: RawSocket, _ hello: Hello) throws -> HelloAck {
        try raw.send(ClientPreface(role: .submitter).encoded)
        _ = try raw.read(Preface.byteCount)
        try raw.send(frame(kind: .hello) { hello })
        let answer = try #require(try raw.readFrame())
        #expect(answer.header.kind == .helloAck)
        let body = answer.body
        return try HelloAck.decode(body.span.bytes)
    }

    private func error(_ raw: RawSocket) throws -> (id: UInt32, message: ErrorMessage) {
        let frame = try #require(try raw.readFrame())
        #expect(frame.header.kind == .error)
        let body = frame.body
        return (frame.header.requestID, try ErrorMessage.decode(body.span.bytes))
    }

    /// The request is answered: the connection goes on.
    private func expectService(_ raw: RawSocket, id: UInt32) throws {
        try raw.send(getJob(8, id: id))
        let answer = try #require(try raw.readFrame())
        #expect(answer.header.kind == .response)
        #expect(answer.header.requestID == id)
    }

    // MARK: - Versions of the protocol

    @Test(arguments: [(1, 1, true), (1, 9, true), (2, 9, false), (9, 255, false)])
    func theVersionInCommonIsChosen(lowest: UInt8, highest: UInt8, isCommon: Bool) async throws {
        try await Served.run { served in
            let raw = try raw(served)
            let preface = ClientPreface(
                role: .submitter,
                versionLowest: lowest,
                versionHighest: highest
            )
            try raw.send(preface.encoded)
            let answer = ServerPreface(status: isCommon ? .ok : .noVersion).encoded
            #expect(try raw.read(Preface.byteCount) == answer)
            if isCommon {
                try raw.send(hello)
                #expect(try #require(try raw.readFrame()).header.kind == .helloAck)
                try expectService(raw, id: 1)
            } else {
                #expect(try raw.read(1).isEmpty)
            }
        }
    }

    // MARK: - Versions of methods

    @Test func aNewerClientIsToldWhatThisServerKnows() async throws {
        try await Served.run { served in
            let raw = try raw(served)
            let offer = [
                MethodRange(.getJob, lowest: 1, highest: 5),
                MethodRange(.listJobs, lowest: 2, highest: 3),
            ]
            let answer = try shake(raw, Hello(codecs: [], methods: offer, agent: "newer"))
            let known = answer.methods.first { $0.id == ReelworkCore.Method.getJob.rawValue }
            #expect(try #require(known).version(with: offer[0]) == 1)
            // It asks in its newest version all the same: refused by name, and it may go on.
            for (id, field) in [
                (UInt32(1), FrameHeader.field(.getJob, version: 5)),
                (3, FrameHeader.field(.listJobs, version: 2)), (5, 0x7FF1),
            ] {
                let body: [UInt8] = [0]
                let asked = FrameHeader(
                    type: FrameKind.request.rawValue,
                    methodField: field,
                    requestID: id,
                    wireLength: 1,
                    plainLength: 1,
                    payloadChecksum: Checksum.crc32c(body.span.bytes)
                )
                try raw.send(asked.encoded + body)
                let refusal = try error(raw)
                #expect(refusal.id == id)
                #expect(refusal.message.code == .known(.unimplemented))
                let name = "method \(String(field >> 4, radix: 16)) version \(field & 0xF)"
                #expect(refusal.message.detail.contains(name))
            }
            try expectService(raw, id: 7)
        }
    }

    @Test func anOlderServerIsAskedForNothingThatItLacks() async throws {
        try await Served.run {
            $0.methods = [
                MethodRange(.getJob), MethodRange(.listJobs, lowest: 2, highest: 3),
            ]
        } _: { served in
            let client = try await served.connect()
            let view = try await client.call(
                GetJob.self,
                .init(ref: .number(JobNumber(4)), detail: .short)
            )
            #expect(view.job.number == JobNumber(4))
            // Of one method it knows only later versions, the other not at all.
            do throws(RPCError) {
                _ = try await client.call(
                    ListJobs.self,
                    .init(
                        states: [],
                        queue: nil,
                        worker: "",
                        limit: 1,
                        cursor: nil,
                        detail: .short
                    )
                )
                Issue.record("it was answered")
            } catch {
                #expect(error.code == .remote(.known(.unimplemented)))
            }
            do throws(RPCError) {
                _ = try await client.call(SubmitBatch.self, .init(isAtomic: false, items: []))
                Issue.record("it was answered")
            } catch {
                #expect(error.code == .remote(.known(.unimplemented)))
            }
            await client.close()
        }
    }

    // MARK: - Features, codecs, limits

    @Test func unknownFeaturesAndCodecsAreNotInForce() async throws {
        try await Served.run { served in
            let raw = try raw(served)
            let offer = Hello(features: .max, codecs: [9, 200], agent: "newer")
            let answer = try shake(raw, offer)
            #expect(answer.features == 0)
            #expect(answer.codec == .known(.none))
            try expectService(raw, id: 1)
        }
    }

    @Test func theSmallerFrameBindsTheServer() async throws {
        try await Served.run { served in
            let raw = try raw(served)
            let least = UInt64(Limits.frameBytesFloor)
            let answer = try shake(
                raw,
                Hello(codecs: [], frameBytesMax: least, requestsInFlightMax: 1, agent: "small")
            )
            #expect(answer.frameBytesMax == least)
            #expect(answer.requestsInFlightMax == 1)
            let large = [UInt8](repeating: 0, count: Limits.frameBytesFloor + 1)
            try raw.send(header(.request, .submitBatch, id: 1, large))
            let refusal = try error(raw)
            #expect(refusal.message.code == .known(.frameTooLarge))
            #expect(refusal.message.limit == least)
            // One request may be open; the second is told to come again.
            served.peer.hold(true)
            try raw.send(getJob(1, id: 3) + getJob(1, id: 5))
            let busy = try error(raw)
            #expect(busy.id == 5)
            #expect(busy.message.code == .known(.busy))
        }
    }

    @Test(arguments: [(1_000, 64, "max_frame"), (200_000, 0, "max_inflight")])
    func limitsThatNobodyCanKeepAreRefusedByName(
        frame bytes: UInt64,
        inFlight: UInt64,
        name: String
    ) async throws {
        try await Served.run { served in
            let raw = try raw(served)
            try raw.send(ClientPreface(role: .submitter).encoded)
            _ = try raw.read(Preface.byteCount)
            try raw.send(
                frame(kind: .hello) {
                    Hello(
                        codecs: [],
                        frameBytesMax: bytes,
                        requestsInFlightMax: inFlight,
                        agent: "odd"
                    )
                }
            )
            let refusal = try error(raw)
            #expect(refusal.id == 0)
            #expect(refusal.message.code == .known(.invalidArgument))
            #expect(refusal.message.detail.contains("HELLO: \(name): expected"))
            #expect(try raw.read(1).isEmpty)
        }
    }

    // MARK: - What only one side knows

    @Test func framesThatMayBeDroppedAreAndOthersAreRefused() async throws {
        try await Served.run { served in
            let raw = try raw(served)
            try raw.shakeHands(.submitter)
            func sent(_ type: UInt8, id: UInt32) -> [UInt8] {
                let body: [UInt8] = [1, 2, 3]
                return FrameHeader(
                    type: type,
                    methodField: 0x7FF1,
                    requestID: id,
                    wireLength: 3,
                    plainLength: 3,
                    payloadChecksum: Checksum.crc32c(body.span.bytes)
                ).encoded + body
            }
            try raw.send(sent(0x80, id: 0) + sent(0xFF, id: 9))
            try expectService(raw, id: 1)
            try raw.send(sent(0x7F, id: 3))
            let refusal = try error(raw)
            #expect(refusal.id == 3)
            #expect(refusal.message.code == .known(.unimplemented))
            #expect(refusal.message.detail.contains("type 127"))
            try expectService(raw, id: 5)
        }
    }

    @Test func unknownTagsAreSkipped() async throws {
        try await Served.run { served in
            let raw = try raw(served)
            try raw.shakeHands(.submitter)
            // GET_JOB of job 8 with tag 99, whose value is one byte.
            try raw.send(header(.request, .getJob, id: 1, [1, 8, 0, 1, 99, 1, 7]))
            let answer = try #require(try raw.readFrame())
            #expect(answer.header.kind == .response)
            let body = answer.body
            #expect(try GetJob.Response.decode(body.span.bytes).job.number == JobNumber(8))
        }
    }

    @Test func aBatchOfTooManyIsRefusedByName() async throws {
        try await Served.run { served in
            let raw = try raw(served)
            try raw.shakeHands(.submitter)
            let items = (0...Limits.batchItemsMax).map { SubmitItem(key: "k\($0)", spec: [1]) }
            let most = Array(items.dropLast())
            try raw.send(
                frame(kind: .request, .submitBatch, id: 1) {
                    SubmitBatch.Request(isAtomic: false, items: most)
                }
            )
            #expect(try #require(try raw.readFrame()).header.kind == .response)
            try raw.send(
                frame(kind: .request, .submitBatch, id: 3) {
                    SubmitBatch.Request(isAtomic: false, items: items)
                }
            )
            let refusal = try error(raw)
            #expect(refusal.message.code == .known(.protocolError))
            #expect(refusal.message.detail.contains("SUBMIT_BATCH.request: items"))
            #expect(refusal.message.detail.contains("4096"))
        }
    }
}
