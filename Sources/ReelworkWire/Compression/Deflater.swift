// SPDX-License-Identifier: Apache-2.0
// Reelwork: deflates whole payloads, with a context that is kept

internal import CZlib
internal import ReelworkCore

/// Deflates whole payloads (zlib, RFC 1950), one stream each.
///
/// The context and the output buffer are kept between uses; one deflater serves all connections of
/// an event loop. The context, about 268 KB, is made at the first use.
package struct Deflater: ~Copyable {
    private var context: OpaquePointer?
    private var buffer: [UInt8] = []
    private var count = 0

    /// Makes a deflater.
    package init() {}

    deinit {
        reelwork_deflater_destroy(context)
    }

    /// What the last successful call gave.
    package var output: RawSpan {
        @_lifetime(borrow self)
        get { buffer.span.bytes.extracting(first: count) }
    }

    /// The same bytes for a copy.
    var slice: ArraySlice<UInt8> { buffer[..<count] }

    /// Deflates `plain` where that is worth it; the stream is then found in ``output``.
    ///
    /// It is from ``Limits/compressBytesMin`` on, and only if it saves a tenth. Without memory
    /// nothing is deflated either, and the frame goes plain.
    package mutating func deflate(_ plain: RawSpan) -> Bool {
        count = 0
        guard plain.byteCount >= Limits.compressBytesMin else { return false }
        if context == nil { context = reelwork_deflater_create() }
        guard let context else { return false }
        let room = plain.byteCount * 9 / 10
        if buffer.count < room { buffer = [UInt8](repeating: 0, count: room) }
        let answer = plain.withUnsafeBytes { source in
            buffer.withUnsafeMutableBytes { target in
                reelwork_deflate(
                    context,
                    source.baseAddress,
                    source.count,
                    target.baseAddress,
                    room
                )
            }
        }
        guard answer > 0 else { return false }
        // The receiver would take it for a bomb.
        let promisesTooMuch =
            plain.byteCount > Limits.inflateFreeBytes
            && plain.byteCount / answer >= Limits.inflateRatioMax
        guard !promisesTooMuch else { return false }
        count = answer
        return true
    }
}
