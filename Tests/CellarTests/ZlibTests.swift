// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the pooled zlib streams.

import CZlib
import Testing

// Goal: a stream inflates into exactly its promised length or ends in the code that says why not,
// and no byte behind the buffer is ever touched. Security checklist 1.
// Method: one pair of contexts for all calls of a test, so that leftovers of one call would show
// in the next; a guard of known bytes behind each buffer.
struct ZlibTests {
    @Test(arguments: [0, 1, 2, 100, 4096, 300_000])
    func whatGoesInComesOut(count: Int) throws {
        let streams = try #require(Streams())
        // Three times, for a context that was used must behave as a new one.
        for round in 0..<3 {
            let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 * $0 + round) }
            let packed = try #require(streams.deflate(plain, capacity: count * 2 + 64))
            let (code, inflated) = streams.inflate(packed, plainCount: count)
            #expect(code == 0)
            #expect(inflated == plain)
        }
    }

    @Test func theStreamIsZlibAtLevelOne() throws {
        let streams = try #require(Streams())
        let packed = try #require(streams.deflate(Array("job".utf8), capacity: 64))
        // RFC 1950: CM 8 with a window of 32 KiB, FLEVEL 0 (fastest), no FDICT.
        #expect(packed.prefix(2) == [0x78, 0x01])
    }

    @Test func theFirstByteTooManyDoesNotFit() throws {
        let streams = try #require(Streams())
        let plain = (0..<500).map { UInt8(truncatingIfNeeded: $0 * $0) }
        let packed = try #require(streams.deflate(plain, capacity: 2000))
        #expect(streams.deflate(plain, capacity: packed.count) == packed)
        for capacity in [packed.count - 1, packed.count / 2, 1, 0] {
            #expect(streams.deflateCode(plain, capacity: capacity) == REELWORK_ZLIB_DOES_NOT_FIT)
        }
        // The context is as good as before.
        #expect(streams.deflate(plain, capacity: packed.count) == packed)
    }

    @Test func aWrongLengthIsTooShortOrTooLong() throws {
        let streams = try #require(Streams())
        let plain = Array("reelwork reelwork reelwork reelwork".utf8)
        let packed = try #require(streams.deflate(plain, capacity: 100))
        for short in 0..<plain.count {
            #expect(streams.inflateCode(packed, plainCount: short) == REELWORK_ZLIB_TOO_LONG)
        }
        for long in [plain.count + 1, plain.count + 2, plain.count * 100] {
            #expect(streams.inflateCode(packed, plainCount: long) == REELWORK_ZLIB_TOO_SHORT)
        }
        #expect(streams.inflateCode(packed, plainCount: plain.count) == 0)
    }

    @Test func aBombStopsAtItsPromise() throws {
        let streams = try #require(Streams())
        let bomb = try #require(
            streams.deflate([UInt8](repeating: 0, count: 4 << 20), capacity: 64 << 10)
        )
        #expect(streams.inflateCode(bomb, plainCount: 1000) == REELWORK_ZLIB_TOO_LONG)
    }

    @Test func everyPrefixIsTruncated() throws {
        let streams = try #require(Streams())
        let plain = Array("reelwork reelwork reelwork reelwork".utf8)
        let packed = try #require(streams.deflate(plain, capacity: 100))
        for count in 0..<packed.count {
            let code = streams.inflateCode(Array(packed[..<count]), plainCount: plain.count)
            #expect(code == REELWORK_ZLIB_TRUNCATED, "\(count) of \(packed.count)")
        }
    }

    @Test func aByteBehindTheStreamIsTrailing() throws {
        let streams = try #require(Streams())
        let plain = Array("reelwork".utf8)
        let packed = try #require(streams.deflate(plain, capacity: 100))
        let code = streams.inflateCode(packed + [0], plainCount: plain.count)
        #expect(code == REELWORK_ZLIB_TRAILING_BYTES)
    }

    @Test func aFlippedBitOfTheChecksumIsBadData() throws {
        let streams = try #require(Streams())
        let plain = Array("reelwork".utf8)
        var packed = try #require(streams.deflate(plain, capacity: 100))
        packed[packed.count - 1] ^= 1
        #expect(streams.inflateCode(packed, plainCount: plain.count) == REELWORK_ZLIB_BAD_DATA)
    }

    @Test(
        arguments: [
            // Raw deflate: an empty final stored block.
            [0x01, 0x00, 0x00, 0xFF, 0xFF],
            // gzip's first bytes (RFC 1952).
            [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x03, 0x00],
            // A header whose check bits are wrong.
            [0x78, 0x02, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01],
            // A block of type 3, which does not exist.
            [0x78, 0x01, 0x07, 0x00, 0x00, 0x00, 0x00, 0x01],
        ] as [[UInt8]]
    )
    func whatIsNoZlibStreamIsBadData(bytes: [UInt8]) throws {
        let streams = try #require(Streams())
        #expect(streams.inflateCode(bytes, plainCount: 0) == REELWORK_ZLIB_BAD_DATA)
        #expect(streams.inflateCode(bytes, plainCount: 10) == REELWORK_ZLIB_BAD_DATA)
    }

    @Test func aPresetDictionaryIsRefused() throws {
        let streams = try #require(Streams())
        // FDICT set (RFC 1950), then a dictionary's Adler-32.
        let bytes: [UInt8] = [
            0x78, 0x20, 0x00, 0x00, 0x00, 0x01, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01,
        ]
        #expect(streams.inflateCode(bytes, plainCount: 0) == REELWORK_ZLIB_NEEDS_DICTIONARY)
        #expect(streams.inflateCode(bytes, plainCount: 9) == REELWORK_ZLIB_NEEDS_DICTIONARY)
    }

    @Test func memoryThatIsNotThereIsReported() throws {
        // 16 KB hold the state of a stream, and not the window of 32 KiB that a stream needs which
        // is cut off behind some bytes of plain text.
        let streams = try #require(Streams(inflaterBytesMax: 16_384))
        let plain = (0..<2000).map { UInt8(truncatingIfNeeded: $0 * $0 / 3) }
        let packed = try #require(streams.deflate(plain, capacity: 4000))
        let cut = Array(packed[..<(packed.count - 200)])
        #expect(streams.inflateCode(cut, plainCount: plain.count) == REELWORK_ZLIB_NO_MEMORY)
        #expect(streams.inflateCode(packed, plainCount: plain.count) == 0)
        #expect(reelwork_inflater_create_bounded(100) == nil)
    }

    @Test func lengthsAndPointersThatCannotBeAreRefused() throws {
        let streams = try #require(Streams())
        let huge = Int(UInt32.max) + 1
        var byte: UInt8 = 0
        let inflater = streams.inflater
        let deflater = streams.deflater
        #expect(reelwork_inflate(inflater, &byte, huge, nil, 0) == REELWORK_ZLIB_TOO_LARGE)
        #expect(reelwork_inflate(inflater, nil, 0, &byte, huge) == REELWORK_ZLIB_TOO_LARGE)
        #expect(reelwork_deflate(deflater, &byte, huge, nil, 0) == REELWORK_ZLIB_TOO_LARGE)
        #expect(reelwork_inflate(inflater, nil, 1, &byte, 1) == REELWORK_ZLIB_MISUSE)
        #expect(reelwork_inflate(inflater, &byte, 1, nil, 1) == REELWORK_ZLIB_MISUSE)
        #expect(reelwork_deflate(deflater, nil, 1, &byte, 1) == REELWORK_ZLIB_MISUSE)
        #expect(reelwork_deflate(deflater, &byte, 1, nil, 1) == REELWORK_ZLIB_MISUSE)
    }

    @Test func theVersionIsOneWithItsHolesMended() {
        // CVE-2018-25032 and CVE-2022-37434 are mended from 1.2.13 on.
        let parts = String(cString: reelwork_zlib_version()).split(separator: ".").compactMap {
            Int($0)
        }
        #expect(!parts.lexicographicallyPrecedes([1, 2, 13]))
    }
}

/// A pair of contexts, with buffers that have a guard behind them.
private final class Streams {
    let deflater: OpaquePointer
    let inflater: OpaquePointer

    init?(inflaterBytesMax: Int = .max) {
        guard let deflater = reelwork_deflater_create() else { return nil }
        guard let inflater = reelwork_inflater_create_bounded(inflaterBytesMax) else {
            reelwork_deflater_destroy(deflater)
            return nil
        }
        self.deflater = deflater
        self.inflater = inflater
    }

    deinit {
        reelwork_deflater_destroy(deflater)
        reelwork_inflater_destroy(inflater)
    }

    func deflate(_ plain: [UInt8], capacity: Int) -> [UInt8]? {
        let (code, bytes) = guarded(capacity) {
            reelwork_deflate(deflater, plain, plain.count, $0, capacity)
        }
        return code < 0 ? nil : Array(bytes[..<code])
    }

    func deflateCode(_ plain: [UInt8], capacity: Int) -> Int {
        guarded(capacity) { reelwork_deflate(deflater, plain, plain.count, $0, capacity) }.code
    }

    func inflate(_ packed: [UInt8], plainCount: Int) -> (code: Int, bytes: [UInt8]) {
        guarded(plainCount) { reelwork_inflate(inflater, packed, packed.count, $0, plainCount) }
    }

    func inflateCode(_ packed: [UInt8], plainCount: Int) -> Int {
        inflate(packed, plainCount: plainCount).code
    }

    private func guarded(
        _ count: Int,
        _ body: (UnsafeMutableRawPointer?) -> Int
    ) -> (code: Int, bytes: [UInt8]) {
        let guardBytes = [UInt8](repeating: 0xA5, count: 64)
        var buffer = [UInt8](repeating: 0, count: count) + guardBytes
        let code = buffer.withUnsafeMutableBytes { body($0.baseAddress) }
        #expect(Array(buffer[count...]) == guardBytes, "bytes behind the buffer were written")
        return (code, Array(buffer[..<count]))
    }
}
