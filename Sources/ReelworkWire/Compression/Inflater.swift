// SPDX-License-Identifier: Apache-2.0
// Reelwork: inflates whole payloads, with a context that is kept

internal import CZlib

/// Inflates whole payloads (zlib, RFC 1950), one stream each.
///
/// The context and the output buffer are kept between uses; one inflater serves all connections of
/// an event loop. The context is made at the first use.
package struct Inflater: ~Copyable {
    private var context: OpaquePointer?
    private var buffer: [UInt8] = []
    private var count = 0

    /// Makes an inflater.
    package init() {}

    deinit {
        reelwork_inflater_destroy(context)
    }

    /// What the last successful call gave; empty after a failure.
    package var output: RawSpan {
        @_lifetime(borrow self)
        get { buffer.span.bytes.extracting(first: count) }
    }

    /// Inflates `wire` into exactly `plainLength` bytes, then found in ``output``.
    ///
    /// The caller has compared `plainLength` with the limits.
    package mutating func inflate(
        _ wire: RawSpan,
        plainLength: Int
    ) throws(InflateError) {
        count = 0
        if context == nil { context = reelwork_inflater_create() }
        guard let context, plainLength >= 0 else { throw .noMemory }
        if buffer.count < plainLength {
            buffer = [UInt8](repeating: 0, count: plainLength)
        }
        let answer = wire.withUnsafeBytes { source in
            buffer.withUnsafeMutableBytes { target in
                reelwork_inflate(
                    context,
                    source.baseAddress,
                    source.count,
                    target.baseAddress,
                    plainLength
                )
            }
        }
        if let error = Inflater.error(answer) { throw error }
        count = plainLength
    }

    private static func error(_ answer: Int) -> InflateError? {
        switch answer {
        case 0: nil
        case Int(REELWORK_ZLIB_TOO_SHORT): .tooShort
        case Int(REELWORK_ZLIB_TOO_LONG): .tooLong
        case Int(REELWORK_ZLIB_TRUNCATED): .truncated
        case Int(REELWORK_ZLIB_TRAILING_BYTES): .trailingBytes
        case Int(REELWORK_ZLIB_NEEDS_DICTIONARY): .needsDictionary
        case Int(REELWORK_ZLIB_NO_MEMORY), Int(REELWORK_ZLIB_TOO_LARGE): .noMemory
        default: .badData
        }
    }
}
