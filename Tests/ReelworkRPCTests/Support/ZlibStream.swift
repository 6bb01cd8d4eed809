// SPDX-License-Identifier: Apache-2.0
// Reelwork: streams as zlib itself makes them.

import CZlib
import Testing

/// Streams as zlib itself makes them, of its format and of those that the protocol refuses.
enum ZlibStream {
    /// Deflates; `windowBits` as in deflateInit2: 15 zlib, 31 gzip, -15 raw.
    static func make(
        _ plain: [UInt8],
        windowBits: Int32 = 15,
        dictionary: [UInt8] = []
    ) throws -> [UInt8] {
        var stream = z_stream()
        var wire = [UInt8](repeating: 0, count: plain.count + 256)
        let size = Int32(MemoryLayout<z_stream>.size)
        let strategy = Z_DEFAULT_STRATEGY
        try #require(
            deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, strategy, ZLIB_VERSION, size)
                == Z_OK
        )
        defer { deflateEnd(&stream) }
        if !dictionary.isEmpty {
            _ = deflateSetDictionary(&stream, dictionary, UInt32(dictionary.count))
        }
        var input = plain
        let status = input.withUnsafeMutableBufferPointer { source in
            wire.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        try #require(status == Z_STREAM_END)
        return Array(wire[..<Int(stream.total_out)])
    }
}
