// SPDX-License-Identifier: Apache-2.0
// Reelwork: deflating and inflating

import CZlib
import ReelworkCore
import ReelworkWire
import Testing

// Goal: what is deflated comes back, and nothing but an exact zlib stream is inflated.
// Security checklist 1 (lengths), Security checklist 3 (secrets).
// Method: streams of this deflater with one fault each, and foreign formats made with zlib itself.
struct CompressionTests {
    static let plain = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 % 13) }

    static func stream() -> [UInt8] {
        var deflater = Deflater()
        let isWorthIt = deflater.deflate(plain.span.bytes)
        #expect(isWorthIt)
        return deflater.output.withUnsafeBytes { [UInt8]($0) }
    }

    static func header(_ bytes: [UInt8]) throws -> FrameHeader {
        try FrameHeader(reading: bytes.span.bytes)
    }

    static func isDeflated(_ plain: [UInt8]) -> Bool {
        var deflater = Deflater()
        return deflater.deflate(plain.span.bytes)
    }

    static func inflate(_ wire: [UInt8], _ length: Int = plain.count) -> InflateError? {
        var inflater = Inflater()
        do throws(InflateError) {
            try inflater.inflate(wire.span.bytes, plainLength: length)
            return nil
        } catch {
            let count = inflater.output.byteCount
            #expect(count == 0)
            return error
        }
    }

    /// A stream of another format: window bits as deflateInit2 has them.
    static func foreign(_ windowBits: Int32, dictionary: [UInt8] = []) -> [UInt8] {
        var stream = z_stream()
        var wire = [UInt8](repeating: 0, count: plain.count * 2)
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(
                &stream,
                1,
                Z_DEFLATED,
                windowBits,
                8,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                size
            )
                == Z_OK
        else { return [] }
        if !dictionary.isEmpty {
            _ = deflateSetDictionary(&stream, dictionary, UInt32(dictionary.count))
        }
        var input = plain
        let count = input.withUnsafeMutableBufferPointer { source in
            wire.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                return target.count - Int(stream.avail_out)
            }
        }
        deflateEnd(&stream)
        return Array(wire[..<count])
    }

    @Test func contextsAreUsedAgain() throws {
        var deflater = Deflater()
        var inflater = Inflater()
        for round in 1...20 {
            let plain = (0..<round * 300).map { UInt8(truncatingIfNeeded: $0 / 50 + round) }
            let isWorthIt = deflater.deflate(plain.span.bytes)
            #expect(isWorthIt == (plain.count >= Limits.compressBytesMin))
            guard isWorthIt else { continue }
            try inflater.inflate(deflater.output, plainLength: plain.count)
            let again = inflater.output.withUnsafeBytes { [UInt8]($0) }
            #expect(again == plain)
        }
    }

    @Test func aFailureLeavesNothingBehind() throws {
        var inflater = Inflater()
        let stream = CompressionTests.stream()
        let noise = [UInt8](repeating: 7, count: 100)
        do throws(InflateError) {
            try inflater.inflate(noise.span.bytes, plainLength: 4_000)
            Issue.record("noise was inflated")
        } catch {
            #expect(error == .badData)
        }
        try inflater.inflate(stream.span.bytes, plainLength: CompressionTests.plain.count)
        let again = inflater.output.withUnsafeBytes { [UInt8]($0) }
        #expect(again == CompressionTests.plain)
    }

    @Test func whatDoesNotShrinkStaysPlain() {
        var generator = SeededGenerator(state: 1)
        let noise = (0..<4_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(!CompressionTests.isDeflated(noise))
        #expect(!CompressionTests.isDeflated(Array(CompressionTests.plain[..<511])))
        #expect(CompressionTests.isDeflated(Array(CompressionTests.plain[..<512])))
    }

    @Test(arguments: [65_536, 65_537, 1 << 20, Limits.frameBytesCeiling])
    func noHonestFrameIsTakenForABomb(_ count: Int) {
        let zeros = [UInt8](repeating: 0, count: count)
        var deflater = Deflater()
        guard deflater.deflate(zeros.span.bytes) else { return }
        let wire = deflater.output.byteCount
        #expect(count <= Limits.inflateFreeBytes || count <= wire * Limits.inflateRatioMax)
    }

    @Test func oneByteShortOrLong() {
        let stream = CompressionTests.stream()
        #expect(CompressionTests.inflate(stream) == nil)
        #expect(CompressionTests.inflate(stream, CompressionTests.plain.count - 1) == .tooLong)
        #expect(CompressionTests.inflate(stream, CompressionTests.plain.count + 1) == .tooShort)
        #expect(CompressionTests.inflate(stream, 0) != nil)
    }

    @Test func trailingAndMissingBytes() {
        let stream = CompressionTests.stream()
        #expect(CompressionTests.inflate(stream + [0]) == .trailingBytes)
        for count in 0..<stream.count {
            #expect(CompressionTests.inflate(Array(stream[..<count])) == .truncated)
        }
    }

    @Test func wrongAdler() {
        for back in 1...4 {
            var stream = CompressionTests.stream()
            stream[stream.count - back] ^= 1
            #expect(CompressionTests.inflate(stream) == .badData)
        }
    }

    @Test func foreignFormats() {
        #expect(CompressionTests.inflate(CompressionTests.foreign(15)) == nil)
        #expect(CompressionTests.inflate(CompressionTests.foreign(-15)) != nil)
        #expect(CompressionTests.inflate(CompressionTests.foreign(31)) == .badData)
        let dictionary = Array(CompressionTests.plain[..<300])
        #expect(
            CompressionTests.inflate(CompressionTests.foreign(15, dictionary: dictionary))
                == .needsDictionary
        )
    }

    @Test func secretsAreNeverCompressed() throws {
        let long = Parameter(key: "vf", value: String(repeating: "scale,", count: 200))
        let open = JobSpec(input: "/in", output: "/out", parameters: [long])
        var secret = open
        secret.secrets = [Parameter(key: "token", value: "hunter2")]
        for (spec, isCompressed) in [(open, true), (secret, false)] {
            var deflater = Deflater()
            var encoder = FrameEncoder(
                frameBytesMax: Limits.frameBytesMax,
                isCompressionAllowed: true
            )
            let item = SubmitItem(key: "k", spec: spec.encoded)
            try encoder.append(
                SubmitBatch.Request(isAtomic: false, items: [item]),
                kind: .request,
                methodField: FrameHeader.field(.submitBatch),
                requestID: 1,
                &deflater
            )
            let assignment = Assignment(
                id: JobID(high: 1, low: 1),
                number: JobNumber(1),
                attempt: AttemptNumber(1),
                engine: "ffmpeg",
                spec: spec.encoded
            )
            let submit = try FrameHeader(reading: encoder.bytes)
            encoder.reset()
            try encoder.append(
                Assign.Event(firstIndex: 1, assignments: [assignment]),
                kind: .event,
                methodField: FrameHeader.field(.assign),
                &deflater
            )
            let assign = try FrameHeader(reading: encoder.bytes)
            #expect(submit.isCompressed == isCompressed)
            #expect(assign.isCompressed == isCompressed)
        }
        #expect(JobSpec.carriesSecrets([1, 2, 3]))
    }

    @Test func nothingIsCompressedBeforeACodecIsInForce() throws {
        var deflater = Deflater()
        var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesMax)
        let agent = String(repeating: "a", count: 2_000)
        try encoder.append(Hello(agent: agent), kind: .hello, &deflater)
        #expect(try !CompressionTests.header(encoder.array).isCompressed)
        encoder.reset()
        encoder.isCompressionAllowed = true
        try encoder.append(Hello(agent: agent), kind: .hello, &deflater)
        #expect(try !CompressionTests.header(encoder.array).isCompressed)
    }

    @Test func aBodyAboveTheLimitIsNotAppended() throws {
        var deflater = Deflater()
        var encoder = FrameEncoder(frameBytesMax: 100)
        try encoder.append(Ping(opaque: 1), kind: .ping, &deflater)
        let before = encoder.array
        var code: ResultCode?
        do throws(FrameError) {
            try encoder.append(
                Hello(agent: String(repeating: "a", count: 200)),
                kind: .hello,
                &deflater
            )
        } catch {
            code = error.code
        }
        #expect(code == .frameTooLarge)
        let after = encoder.array
        #expect(after == before)
    }
}
