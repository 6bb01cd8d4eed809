// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a server does with payloads that are no exact zlib stream.

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: a payload that is not exactly one stream of the promised length ends its connection and no
// other. Security checklist 1 (zlib length confusion, CVE-2025-14847) through a real socket.
// Method: one fault each, beside a client that is served before, meanwhile and after.
@Suite(.timeLimit(.minutes(1)))
struct BadCompressionTests {
    enum Fault: CaseIterable, Sendable {
        case plainLengthTooSmall, plainLengthTooLarge, byteAfterTheStream, streamAfterTheStream
        case wrongAdler, missingAdler, needsADictionary, raw, gzip, bomb

        /// The payload, and the length that its frame promises.
        func payload(of plain: [UInt8]) throws -> (wire: [UInt8], promised: Int) {
            let stream = try ZlibStream.make(plain)
            switch self {
            case .plainLengthTooSmall: return (stream, plain.count - 1)
            case .plainLengthTooLarge: return (stream, plain.count + 1)
            case .byteAfterTheStream: return (stream + [0], plain.count)
            case .streamAfterTheStream: return (stream + stream, plain.count)
            case .wrongAdler:
                return (stream.dropLast() + [(stream.last ?? 0) ^ 1], plain.count)
            case .missingAdler: return (stream.dropLast(4), plain.count)
            case .needsADictionary:
                return (try ZlibStream.make(plain, dictionary: [1, 2, 3]), plain.count)
            case .raw: return (try ZlibStream.make(plain, windowBits: -15), plain.count)
            case .gzip: return (try ZlibStream.make(plain, windowBits: 31), plain.count)
            case .bomb:
                let zeros = [UInt8](repeating: 0, count: Limits.frameBytesMax)
                return (try ZlibStream.make(zeros), zeros.count)
            }
        }
    }

    static let plain: [UInt8] = {
        let spec = JobSpec(input: "/in/a.mp4", output: "/out/a.mp4").encoded
        let items = (0..<40).map { SubmitItem(key: "k\($0)", spec: spec) }
        return SubmitBatch.Request(isAtomic: false, items: items).encoded
    }()

    /// A socket on which frames may be compressed.
    static func connect(_ served: Served) throws -> RawSocket? {
        guard case .unix(let path) = served.unix else { return nil }
        let raw = try RawSocket(path)
        try raw.send(ClientPreface(role: .submitter).encoded)
        _ = try raw.read(Preface.byteCount)
        try raw.send(
            frame(kind: .hello) { Hello(codecs: [WireCodec.zlib.rawValue], agent: "raw") }
        )
        let answer = try #require(try raw.readFrame())
        let terms = try HelloAck.decode(answer.body.span.bytes)
        #expect(terms.codec == .known(.zlib))
        return raw
    }

    /// A REQUEST whose payload is taken for a stream.
    static func compressed(_ wire: [UInt8], promised: Int, id: UInt32) -> [UInt8] {
        FrameHeader(
            type: FrameKind.request.rawValue,
            flags: FrameHeader.compressedFlag,
            methodField: FrameHeader.field(.submitBatch),
            requestID: id,
            wireLength: UInt32(wire.count),
            plainLength: UInt32(promised),
            payloadChecksum: Checksum.crc32c(wire.span.bytes)
        ).encoded + wire
    }

    private func expectService(_ good: RPCConnection) async throws {
        let ref = JobRef.number(JobNumber(5))
        let answer = try await good.call(GetJob.self, .init(ref: ref, detail: .short))
        #expect(answer.job.number == JobNumber(5))
    }

    @Test(arguments: Fault.allCases)
    func isRefusedWhileAnotherConnectionGoesOn(_ fault: Fault) async throws {
        try await Served.run { served in
            let good = try await served.connect()
            let raw = try #require(try Self.connect(served))
            // The same connection takes an exact stream first.
            let exact = try ZlibStream.make(Self.plain)
            try raw.send(Self.compressed(exact, promised: Self.plain.count, id: 1))
            #expect(try #require(try raw.readFrame()).header.kind == .response)
            let (wire, promised) = try fault.payload(of: Self.plain)
            let bytes = Self.compressed(wire, promised: promised, id: 3)
            try? raw.send(Array(bytes.prefix(30)))
            try await expectService(good)
            try? raw.send(Array(bytes.dropFirst(30)))
            let error = try #require(try raw.readFrame())
            #expect(error.header.kind == .error)
            #expect(error.header.requestID == 0)
            let message = try ErrorMessage.decode(error.body.span.bytes)
            #expect(message.code == .known(.decompress), "\(message.detail)")
            #expect(try raw.readAll() == [])
            try await expectService(good)
            // The loop's context is as it was: the next connection's streams are read.
            let next = try #require(try Self.connect(served))
            try next.send(Self.compressed(exact, promised: Self.plain.count, id: 1))
            #expect(try #require(try next.readFrame()).header.kind == .response)
            await good.close()
        }
    }
}
