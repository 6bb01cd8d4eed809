// SPDX-License-Identifier: Apache-2.0
// Reelwork: cutting a stream into frames

import ReelworkCore
import ReelworkWire
import Testing

// Goal: a decoder finds the same frames however the stream is cut, and refuses each broken rule
// with its own answer. Method: a stream of every kind of frame, fed in pieces; then single headers
// that break one rule each. Security checklist 2 (ratios), Security checklist 6 (desync).
struct FrameDecoderTests {
    /// What came of a stream: the frames' types, ids and bodies, and what was refused.
    struct Outcome: Hashable {
        var frames: [String] = []
        var refused: [ResultCode] = []
        var error: FrameError?
    }

    static func ready(_ frameBytesMax: Int = Limits.frameBytesMax) -> FrameDecoder {
        var decoder = FrameDecoder(stage: .ready)
        decoder.open(frameBytesMax: frameBytesMax, isCompressionAllowed: true)
        return decoder
    }

    /// Feeds a stream in pieces that end at `cuts`, both ways that there are.
    static func feed(
        _ bytes: [UInt8],
        cuts: [Int],
        _ start: FrameDecoder = ready()
    ) -> Outcome {
        let outcome = feed(bytes, cuts: cuts, start, isShort: false)
        #expect(feed(bytes, cuts: cuts, start, isShort: true) == outcome)
        return outcome
    }

    /// Feeds a stream; plain frames go the short way where `isShort`.
    private static func feed(
        _ bytes: [UInt8],
        cuts: [Int],
        _ start: FrameDecoder,
        isShort: Bool
    ) -> Outcome {
        var decoder = start
        var inflater = Inflater()
        var outcome = Outcome()
        var held: [UInt8] = []
        var from = 0
        for cut in cuts + [bytes.count] {
            held += bytes[from..<cut]
            from = cut
            var isWaiting = false
            while !isWaiting {
                if isShort, let frame = decoder.plainFrame(in: held.span.bytes) {
                    outcome.frames.append(describe(frame, held, inflater))
                    held.removeFirst(frame.plainRange?.upperBound ?? 0)
                    continue
                }
                do throws(FrameError) {
                    let step = try decoder.next(in: held.span.bytes, &inflater)
                    switch step {
                    case .needMore(let consumed, let missing):
                        held.removeFirst(consumed)
                        isWaiting = missing > held.count
                    case .frame(let frame, let consumed):
                        outcome.frames.append(describe(frame, held, inflater))
                        held.removeFirst(consumed)
                    case .refused(let refusal, let consumed):
                        outcome.refused.append(refusal.code)
                        held.removeFirst(consumed)
                    }
                } catch {
                    outcome.error = error
                    return outcome
                }
            }
        }
        return outcome
    }

    static func describe(
        _ frame: Frame,
        _ input: [UInt8],
        _ inflater: borrowing Inflater
    ) -> String {
        let body = frame.body(in: input.span.bytes, inflater)
        let sum = Checksum.crc32c(body)
        return "\(frame.kind) \(frame.header.requestID) \(body.byteCount) \(sum)"
    }

    static let stream: [UInt8] = {
        var encoder = FrameEncoder(
            frameBytesMax: Limits.frameBytesMax,
            isCompressionAllowed: true
        )
        var deflater = Deflater()
        let spec = JobSpec(input: "/in/a.mp4", output: "/out/a.mp4").encoded
        let many = SubmitBatch.Request(
            isAtomic: false,
            items: (0..<40).map { SubmitItem(key: "k\($0)", spec: spec) }
        )
        let one = SubmitBatch.Request(
            isAtomic: false,
            items: [SubmitItem(key: "k", spec: spec)]
        )
        do throws(FrameError) {
            let submit = FrameHeader.field(.submitBatch)
            try encoder.append(
                many,
                kind: .request,
                methodField: submit,
                requestID: 1,
                &deflater
            )
            try encoder.append(Ping(opaque: 7), kind: .ping, &deflater)
            try encoder.append(
                one,
                kind: .request,
                methodField: submit,
                requestID: 3,
                &deflater
            )
            encoder.appendCancel(id: 3)
            try encoder.append(ErrorMessage(.busy), kind: .error, requestID: 3, &deflater)
            try encoder.append(
                Credit.Event(assignLimit: 4),
                kind: .event,
                methodField: FrameHeader.field(.credit),
                &deflater
            )
        } catch {
            Issue.record(error)
        }
        // An extension is checked and dropped.
        let extra: [UInt8] = [1, 2, 3]
        let header = FrameHeader(
            type: 0x90,
            wireLength: 3,
            plainLength: 3,
            payloadChecksum: Checksum.crc32c(extra.span.bytes)
        )
        return encoder.array + header.encoded + extra + encoder.array
    }()

    @Test func allAtOnceAndOneByteAtATime() {
        let whole = FrameDecoderTests.feed(FrameDecoderTests.stream, cuts: [])
        #expect(whole.frames.count == 12)
        #expect(whole.error == nil)
        let single = FrameDecoderTests.feed(
            FrameDecoderTests.stream,
            cuts: Array(1..<FrameDecoderTests.stream.count)
        )
        #expect(single == whole)
    }

    @Test func cutEverywhere() {
        let whole = FrameDecoderTests.feed(FrameDecoderTests.stream, cuts: [])
        for cut in 1..<FrameDecoderTests.stream.count {
            #expect(FrameDecoderTests.feed(FrameDecoderTests.stream, cuts: [cut]) == whole)
        }
    }

    @Test func compressedFramesAreSmaller() throws {
        let header = try FrameHeader(reading: FrameDecoderTests.stream.span.bytes)
        #expect(header.isCompressed)
        #expect(UInt64(header.wireLength) * 10 <= UInt64(header.plainLength) * 9)
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let header: FrameHeader
        var code = ResultCode.protocolError
        var stage = FrameStage.ready
        var isSilent = false

        init(
            _ words: String,
            type: FrameKind = .request,
            flags: UInt8 = 0,
            field: UInt16 = 0x101,
            id: UInt32 = 1,
            wire: UInt32 = 0,
            plain: UInt32? = nil,
            code: ResultCode = .protocolError,
            stage: FrameStage = .ready,
            isSilent: Bool = false
        ) {
            testDescription = words
            header = FrameHeader(
                type: type.rawValue,
                flags: flags,
                methodField: field,
                requestID: id,
                wireLength: wire,
                plainLength: plain ?? wire,
                payloadChecksum: 0
            )
            self.code = code
            self.stage = stage
            self.isSilent = isSilent
        }
    }

    @Test(arguments: [
        Broken("reserved flag", flags: 2),
        Broken("all flags", flags: 0xFF),
        Broken("top byte", wire: 1 << 24, isSilent: true),
        Broken("plain and wire differ", wire: 5, plain: 6),
        Broken("a hello when ready", type: .hello, field: 0, id: 0),
        Broken("a request before hello", stage: .hello),
        Broken("a request before auth", code: .authRequired, stage: .auth),
        Broken("a hello before auth", type: .hello, field: 0, id: 0, stage: .auth),
        Broken("anything while the answer is made", stage: .quiet),
        Broken("compressed ping", type: .ping, flags: 1, field: 0, id: 0, wire: 4, plain: 8),
        Broken(
            "compressed hello",
            type: .hello,
            flags: 1,
            field: 0,
            id: 0,
            wire: 4,
            plain: 8,
            stage: .hello
        ),
        Broken("ping with an id", type: .ping, field: 0, wire: 8),
        Broken("ping of 7 bytes", type: .ping, field: 0, id: 0, wire: 7),
        Broken("cancel with a body", type: .cancel, field: 0, wire: 1),
        Broken("cancel of nothing", type: .cancel, field: 0, id: 0),
        Broken("request without id", id: 0),
        Broken("request without method", field: 0),
        Broken("event without method", type: .event, field: 0),
        Broken("connection error with a method", type: .error, id: 0),
        Broken("compressed to nothing", flags: 1, wire: 0, plain: 9, code: .decompress),
        Broken("compressed and not smaller", flags: 1, wire: 9, plain: 9, code: .decompress),
        Broken("compressed from nothing", flags: 1, wire: 9, plain: 0, code: .decompress),
        Broken("a bomb", flags: 1, wire: 256, plain: 65_537, code: .decompress),
        Broken("a large event", type: .event, wire: 1 << 20 + 1, code: .frameTooLarge),
        Broken(
            "a large hello",
            type: .hello,
            field: 0,
            id: 0,
            wire: 4_097,
            code: .frameTooLarge,
            stage: .hello
        ),
    ])
    func refusesBrokenHeaders(_ broken: Broken) {
        var decoder = FrameDecoderTests.ready()
        if broken.stage != .ready { decoder = FrameDecoder(stage: broken.stage) }
        let outcome = FrameDecoderTests.feed(broken.header.encoded, cuts: [], decoder)
        #expect(outcome.error?.code == broken.code)
        #expect(outcome.error?.isSilent == broken.isSilent)
        #expect(outcome.frames.isEmpty)
    }

    @Test func aBombBelowTheRatioIsReadOn() {
        let header = FrameHeader(
            type: FrameKind.request.rawValue,
            flags: 1,
            methodField: 0x101,
            requestID: 1,
            wireLength: 257,
            plainLength: 65_537,
            payloadChecksum: 0
        )
        #expect(FrameDecoderTests.feed(header.encoded, cuts: []).error == nil)
    }

    // The short way is gone where a frame is not whole, not plain, not checked or not now.
    @Test func theShortWayIsForWholePlainFramesOnly() throws {
        let body: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let header = FrameHeader(
            type: FrameKind.ping.rawValue,
            wireLength: 8,
            plainLength: 8,
            payloadChecksum: Checksum.crc32c(body.span.bytes)
        )
        let bytes = header.encoded + body
        var decoder = FrameDecoderTests.ready()
        func short(_ bytes: [UInt8]) -> Frame? { decoder.plainFrame(in: bytes.span.bytes) }
        let frame = try #require(short(bytes + bytes))
        #expect(frame.header == header)
        #expect(frame.plainRange == FrameHeader.byteCount..<bytes.count)
        for count in 0..<bytes.count {
            #expect(short(Array(bytes[..<count])) == nil)
        }
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(short(flipped) == nil)
        }
        #expect(short(FrameDecoderTests.stream) == nil)
        let early = FrameDecoder(stage: .hello).plainFrame(in: bytes.span.bytes)
        #expect(early == nil)
        var inflater = Inflater()
        _ = try decoder.next(in: header.encoded.span.bytes, &inflater)
        #expect(decoder.awaited == header)
        #expect(short(bytes) == nil)
    }

    @Test func everyFlippedBitOfAHeaderIsFound() {
        let header = FrameHeader(
            type: FrameKind.ping.rawValue,
            wireLength: 8,
            plainLength: 8,
            payloadChecksum: 1
        )
        for bit in 0..<FrameHeader.byteCount * 8 {
            var bytes = header.encoded
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(FrameDecoderTests.feed(bytes, cuts: []).error?.isSilent == true)
        }
    }

    @Test func aWrongPayloadChecksumCloses() {
        var bytes = FrameDecoderTests.stream
        bytes[FrameHeader.byteCount + 3] ^= 1
        let outcome = FrameDecoderTests.feed(bytes, cuts: [])
        #expect(outcome.error?.code == .checksum)
        #expect(outcome.frames.isEmpty)
    }

    @Test(arguments: [FrameKind.request, .response])
    func aFrameTooLargeIsSkippedByExactCount(_ kind: FrameKind) {
        let size = 200_000
        let header = FrameHeader(
            type: kind.rawValue,
            methodField: 0x101,
            requestID: 9,
            wireLength: UInt32(size),
            plainLength: UInt32(size),
            payloadChecksum: 0
        )
        // What is skipped looks like frames, and must not be read as such.
        var filling = FrameDecoderTests.stream
        while filling.count < size { filling += FrameDecoderTests.stream }
        let bytes = header.encoded + filling[..<size] + FrameDecoderTests.stream
        let small = FrameDecoderTests.ready(150_000)
        let outcome = FrameDecoderTests.feed(bytes, cuts: [10, 30, 100_000, 200_010], small)
        #expect(outcome.refused == [.frameTooLarge])
        #expect(outcome.frames.count == 12)
        #expect(outcome.error == nil)
    }

    @Test func unknownTypesAreAnsweredAndExtensionsDropped() {
        let unknown = FrameHeader(
            type: 0x7F,
            requestID: 5,
            wireLength: 0,
            plainLength: 0,
            payloadChecksum: 0
        )
        let outcome = FrameDecoderTests.feed(unknown.encoded + FrameDecoderTests.stream, cuts: [])
        #expect(outcome.refused == [.unimplemented])
        #expect(outcome.frames.count == 12)
    }

    @Test func aDecoderThatFailedFailsAgain() {
        var decoder = FrameDecoderTests.ready()
        var inflater = Inflater()
        let wrong = [UInt8](repeating: 0xAA, count: 24)
        var errors: [FrameError] = []
        for bytes in [wrong, FrameDecoderTests.stream] {
            do throws(FrameError) {
                _ = try decoder.next(in: bytes.span.bytes, &inflater)
            } catch {
                errors.append(error)
            }
        }
        #expect(errors.count == 2)
        #expect(errors.first == errors.last)
    }

    @Test func itSaysWhatItWaitsFor() throws {
        var decoder = FrameDecoderTests.ready()
        var inflater = Inflater()
        let bytes = FrameDecoderTests.stream
        let header = try FrameHeader(reading: bytes.span.bytes)
        let start = Array(bytes[..<30])
        let first = try decoder.next(in: start.span.bytes, &inflater)
        #expect(first == .needMore(consumed: 24, missing: Int(header.wireLength)))
        #expect(decoder.awaited == header)
    }
}
