// SPDX-License-Identifier: Apache-2.0
// Reelwork: any bytes as zlib streams, and every wrong stream

import CZlib
import FuzzKit
import ReelworkCore
import ReelworkWire

// An input: a byte that chooses what is done, three of a length, then bytes: a stream as it came,
// or what is made into streams.

/// Any bytes as zlib streams: only a whole, exact stream of RFC 1950 is inflated, as zlib itself
/// inflates it, and nothing of a bad one is left.
enum InflateFuzz {
    static func check(_ input: inout FuzzInput) {
        let choice = input.u8()
        let length = Int(input.u16()) | Int(input.u8()) << 16
        let bytes = input.everything()
        if choice & 1 == 0 {
            checkAny(bytes, length % (Limits.frameBytesMax + 2))
        } else {
            checkMade(bytes, choice, length)
        }
    }

    /// What the inflater makes of a stream; the memory it may hold is bounded by the promise.
    static func inflate(_ wire: [UInt8], _ length: Int) -> Result<[UInt8], InflateError> {
        // zlib's context and window.
        let most = length + (64 << 10)
        return FuzzMemory.bounded(by: most + length, "inflating to \(length) bytes") {
            var inflater = Inflater()
            do throws(InflateError) {
                try inflater.inflate(wire.span.bytes, plainLength: length)
                Invariant.hold(inflater.output.byteCount == length, "another length than promised")
                return .success(inflater.output.withUnsafeBytes { [UInt8]($0) })
            } catch {
                Invariant.hold(inflater.output.byteCount == 0, "a bad stream leaves bytes")
                return .failure(error)
            }
        }
    }

    // MARK: - Streams as they come

    private static func checkAny(_ wire: [UInt8], _ length: Int) {
        let answer = inflate(wire, length)
        let truth = oracle(wire, length)
        switch answer {
        case .success(let plain):
            Invariant.hold(truth == plain, "what zlib refuses is inflated, or otherwise")
        case .failure(let error):
            Invariant.hold(truth == nil, "what zlib inflates is refused: \(error)")
        }
        // A context that has seen this stream reads a good one as before.
        var inflater = Inflater()
        let good = deflate(Array("good".utf8), Format(windowBits: 15))
        _ = try? inflater.inflate(wire.span.bytes, plainLength: length)
        let isRead = (try? inflater.inflate(good.span.bytes, plainLength: 4)) != nil
        Invariant.hold(isRead, "a bad stream spoils the next")
    }

    /// What zlib itself gives, byte by byte in one fresh context; nil unless the stream is exact.
    private static func oracle(_ wire: [UInt8], _ length: Int) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, 15, ZLIB_VERSION, size) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var source = wire
        var plain = [UInt8](repeating: 0, count: length + 1)
        let (status, left, room) = source.withUnsafeMutableBufferPointer { source in
            plain.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                var status = Z_OK
                while status == Z_OK { status = CZlib.inflate(&stream, Z_NO_FLUSH) }
                return (status, stream.avail_in, stream.avail_out)
            }
        }
        guard status == Z_STREAM_END, left == 0, room == 1 else { return nil }
        return Array(plain[..<length])
    }

    // MARK: - Streams that are made

    /// How a stream is made.
    struct Format {
        var windowBits: Int32
        var level: Int32 = 1
        var strategy = Z_DEFAULT_STRATEGY
        var dictionary: [UInt8] = []
    }

    static func deflate(_ plain: [UInt8], _ format: Format) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        var wire = [UInt8](repeating: 0, count: plain.count + plain.count / 1_000 + 128)
        let status = deflateInit2_(
            &stream,
            format.level,
            Z_DEFLATED,
            format.windowBits,
            8,
            format.strategy,
            ZLIB_VERSION,
            size
        )
        Invariant.hold(status == Z_OK, "zlib makes no context")
        defer { deflateEnd(&stream) }
        if !format.dictionary.isEmpty {
            _ = deflateSetDictionary(&stream, format.dictionary, UInt32(format.dictionary.count))
        }
        var source = plain
        let count = source.withUnsafeMutableBufferPointer { source in
            wire.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                Invariant.hold(
                    CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END,
                    "zlib does not finish"
                )
                return target.count - Int(stream.avail_out)
            }
        }
        return Array(wire[..<count])
    }

    private static func checkMade(_ seed: [UInt8], _ choice: UInt8, _ place: Int) {
        // Repeated, so that some streams are bombs.
        let times = choice & 2 == 0 ? 1 : 1 + place % 64
        let plain = Array(repeatElement(seed, count: times).joined())
        var format = Format(windowBits: 15)
        format.level = Int32(choice >> 4 & 7) + 1
        format.strategy = choice & 4 == 0 ? Z_DEFAULT_STRATEGY : Z_FIXED
        let wire = deflate(plain, format)
        expect(wire, plain.count, .success(plain), "an exact stream")
        expect(wire, plain.count + 1, .failure(.tooShort), "a byte too many promised")
        if !plain.isEmpty {
            expect(wire, plain.count - 1, .failure(.tooLong), "a byte too few promised")
            expect(wire, place % plain.count, .failure(.tooLong), "fewer bytes promised")
        }
        expect(wire + [UInt8(place & 0xFF)], plain.count, .failure(.trailingBytes), "a byte more")
        expect(wire + wire, plain.count, .failure(.trailingBytes), "a second stream")
        expect(Array(wire[..<(place % wire.count)]), plain.count, .failure(.truncated), "a part")
        var damaged = wire
        damaged[wire.count - 1 - place % 4] ^= UInt8(1 << (choice >> 5))
        expect(damaged, plain.count, .failure(.badData), "another Adler-32")
        format.windowBits = 31
        expect(deflate(plain, format), plain.count, .failure(.badData), "gzip")
        format.windowBits = -15
        let raw = deflate(plain, format)
        if case .success = inflate(raw, plain.count) { Invariant.fail("raw deflate is inflated") }
        format.windowBits = 15
        format.dictionary = [1] + seed
        expect(deflate(plain, format), plain.count, .failure(.needsDictionary), "a dictionary")
        checkOwn(plain)
    }

    private static func expect(
        _ wire: [UInt8],
        _ length: Int,
        _ wanted: Result<[UInt8], InflateError>,
        _ what: String
    ) {
        let answer = inflate(wire, length)
        Invariant.hold(answer == wanted, "\(what) gives \(answer)".prefix(200).description)
    }

    /// What this program deflates it inflates, and never takes for a bomb.
    private static func checkOwn(_ plain: [UInt8]) {
        var deflater = Deflater()
        guard deflater.deflate(plain.span.bytes) else { return }
        let wire = deflater.output.withUnsafeBytes { [UInt8]($0) }
        expect(wire, plain.count, .success(plain), "a stream of this program's")
        let isHonest =
            plain.count <= Limits.inflateFreeBytes
            || plain.count <= wire.count * Limits.inflateRatioMax
        Invariant.hold(isHonest && wire.count < plain.count, "an own stream would be refused")
    }

    static func seeds(_ vectors: [FuzzVector]) -> [(String, [UInt8])] {
        var seeds: [(String, [UInt8])] = vectors.compactMap { vector in
            guard vector.kind == "frame",
                let header = try? FrameHeader(reading: vector.bytes.span.bytes),
                header.isCompressed
            else { return nil }
            let length = (0..<3).map { UInt8(truncatingIfNeeded: header.plainLength >> (8 * $0)) }
            return (vector.name, [0] + length + vector.bytes[FrameHeader.byteCount...])
        }
        for vector in vectors where vector.kind == "body" {
            seeds.append((vector.name, [3, 7, 1, 0] + vector.bytes))
        }
        return seeds
    }
}

/// What libFuzzer calls first.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(_ count: UnsafeMutableRawPointer?, _ words: UnsafeMutableRawPointer?)
    -> CInt
{
    FuzzSeeds.writeWhereAsked(InflateFuzz.seeds)
}

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
package func test(_ data: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = FuzzInput(data, count)
    InflateFuzz.check(&input)
    return 0
}
