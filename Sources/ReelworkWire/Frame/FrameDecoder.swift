// SPDX-License-Identifier: Apache-2.0
// Reelwork: cuts a stream of bytes into checked frames

internal import ReelworkCore

// Invariants: bytes are looked at in the order of the table "Order of checks" in the
// specification, and none is counted as consumed twice. After a failure every call fails alike.
// At most one header is held; the body stays with the caller until it is whole.

/// Cuts a stream of bytes into checked frames.
///
/// A value without I/O: give it the bytes that were not consumed yet, again and again, until it
/// needs more. It accepts any cutting of the stream.
package struct FrameDecoder: Hashable, Sendable {
    private enum State: Hashable, Sendable {
        case header
        case body(FrameHeader)
        case skipping(Int)
        case failed(FrameError)
    }

    private var state = State.header
    /// Which frames may come now; the session moves it on.
    package var stage: FrameStage
    /// Largest body that was agreed; before that, ``Limits/handshakeFrameBytesMax``.
    package var frameBytesMax: Int
    /// Whether a codec is in force.
    package var isCompressionAllowed: Bool

    /// Frames of unknown types that were ignored and not yet taken note of.
    private var ignored = 0

    /// Makes a decoder for a connection that begins, after the prefaces.
    package init(stage: FrameStage) {
        self.stage = stage
        frameBytesMax = Limits.handshakeFrameBytesMax
        isCompressionAllowed = false
    }

    /// Ends the handshake with what HELLO_ACK says.
    package mutating func open(frameBytesMax: Int, isCompressionAllowed: Bool) {
        stage = .ready
        self.frameBytesMax = min(max(frameBytesMax, 0), Limits.frameBytesCeiling)
        self.isCompressionAllowed = isCompressionAllowed
    }

    /// The header whose body is awaited: what its frame will need of memory and time.
    package var awaited: FrameHeader? {
        switch state {
        case .body(let header): header
        case .header, .skipping, .failed: nil
        }
    }

    /// The frame that `input` begins with, where it is as most are: whole, plain, and of the
    /// handshake's other side; it counts as consumed.
    ///
    /// Nil where ``next(in:_:)`` has to look, and to say what is wrong if anything is: it comes to
    /// the same frame at more cost.
    package func plainFrame(in input: RawSpan) -> Frame? {
        guard stage == .ready, case .header = state, input.byteCount >= FrameHeader.byteCount
        else { return nil }
        do throws(FrameError) {
            let header = try FrameHeader(reading: input)
            let end = FrameHeader.byteCount + Int(header.wireLength)
            guard let kind = header.kind, !header.isCompressed, input.byteCount >= end,
                try check(header) == nil
            else { return nil }
            let range = FrameHeader.byteCount..<end
            guard Checksum.crc32c(input.extracting(range)) == header.payloadChecksum else {
                return nil
            }
            return Frame(header: header, kind: kind, payload: .plain(range))
        } catch {
            return nil
        }
    }

    /// How many frames of unknown types were ignored since this was asked last.
    package mutating func takeIgnored() -> Int {
        guard ignored > 0 else { return 0 }
        defer { ignored = 0 }
        return ignored
    }

    /// Reads on in `input`, which begins with the first byte that was not consumed.
    ///
    /// A compressed body is left in `inflater` until its next use. Throws when the connection must
    /// close.
    package mutating func next(
        in input: RawSpan,
        _ inflater: inout Inflater
    ) throws(FrameError) -> FrameStep {
        do throws(FrameError) {
            return try step(input, &inflater)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private mutating func step(
        _ input: RawSpan,
        _ inflater: inout Inflater
    ) throws(FrameError) -> FrameStep {
        var consumed = 0
        while true {
            let left = input.byteCount - consumed
            switch state {
            case .failed(let error):
                throw error
            case .skipping(let count):
                guard left >= count else {
                    state = .skipping(count - left)
                    return .needMore(consumed: input.byteCount, missing: count - left)
                }
                consumed += count
                state = .header
            case .header:
                guard left >= FrameHeader.byteCount else {
                    return .needMore(consumed: consumed, missing: FrameHeader.byteCount)
                }
                let header = try FrameHeader(reading: input.extracting(consumed...))
                consumed += FrameHeader.byteCount
                if let refusal = try check(header) {
                    state = .skipping(Int(header.wireLength))
                    return .refused(refusal, consumed: consumed)
                }
                state = .body(header)
            case .body(let header):
                let length = Int(header.wireLength)
                guard left >= length else {
                    return .needMore(consumed: consumed, missing: length)
                }
                let range = consumed..<consumed + length
                consumed = range.upperBound
                state = .header
                let payload = try open(header, input, range, &inflater)
                if let kind = header.kind {
                    let frame = Frame(header: header, kind: kind, payload: payload)
                    return .frame(frame, consumed: consumed)
                }
                guard header.isIgnorable else {
                    return .refused(FrameDecoder.unknown(header), consumed: consumed)
                }
                ignored += 1
            }
        }
    }

    /// Checks 4 to 11 of the table; a refusal where the body is to be skipped.
    private func check(_ header: FrameHeader) throws(FrameError) -> FrameRefusal? {
        guard header.flags & ~FrameHeader.compressedFlag == 0 else {
            throw FrameError(
                .protocolError,
                "flags of \(header.words): expected 0 or 1, found \(header.flags) (byte 5 of the "
                    + "header)"
            )
        }
        if let code = stage.refusal(of: header) {
            throw FrameError(
                code,
                code == .authRequired
                    ? "a frame of type \(header.type) before authentication"
                    : "a frame of type \(header.type) may not come now"
            )
        }
        if header.isCompressed {
            guard isCompressionAllowed, header.kind?.mayBeCompressed == true else {
                let why =
                    isCompressionAllowed
                    ? "frames of this type are never compressed" : "no codec was agreed"
                throw FrameError(
                    .protocolError,
                    "flags of \(header.words): expected 0, as \(why), found \(header.flags) "
                        + "(byte 5 of the header)"
                )
            }
        }
        try FrameDecoder.checkCorrelation(header)
        try FrameDecoder.checkLengths(header)
        if max(header.wireLength, header.plainLength) > UInt32(clamping: frameBytesMax) {
            return try tooLarge(header)
        }
        let wire = UInt64(header.wireLength)
        let plain = UInt64(header.plainLength)
        if header.isCompressed, plain > UInt64(Limits.inflateFreeBytes),
            plain > wire * UInt64(Limits.inflateRatioMax)
        {
            throw FrameError(
                .decompress,
                "\(wire) bytes that promise \(plain): more than \(Limits.inflateRatioMax) times"
            )
        }
        return nil
    }

    private static func checkCorrelation(_ header: FrameHeader) throws(FrameError) {
        guard let kind = header.kind else { return }
        let hasMethod = header.methodField != 0
        let hasID = header.requestID != 0
        let fits =
            switch kind {
            case .hello, .helloAck, .auth, .authOK, .ping, .pong, .goaway: !hasMethod && !hasID
            case .request, .response: hasMethod && hasID
            case .error: hasID || !hasMethod
            case .cancel: !hasMethod && hasID
            case .event: hasMethod
            }
        guard fits else {
            throw FrameError(
                .protocolError,
                "method \(header.methodField) and request id \(header.requestID) do not fit a "
                    + "frame of type \(header.type)"
            )
        }
    }

    private static func checkLengths(_ header: FrameHeader) throws(FrameError) {
        let wire = header.wireLength
        let plain = header.plainLength
        if header.isCompressed {
            guard wire > 0, wire < plain else {
                throw FrameError(
                    .decompress,
                    "a compressed frame of \(wire) bytes that promises \(plain)"
                )
            }
            return
        }
        guard wire == plain else {
            throw FrameError(
                .protocolError,
                "a plain frame of \(wire) bytes that promises \(plain)"
            )
        }
        let exact: UInt32? =
            switch header.kind {
            case .cancel: 0
            case .ping, .pong: 8
            case .hello, .helloAck, .auth, .authOK, .request, .response, .error, .event, .goaway,
                nil:
                nil
            }
        if let exact, wire != exact {
            throw FrameError(
                .protocolError,
                "\(wire) bytes where type \(header.type) has \(exact)"
            )
        }
    }

    private func tooLarge(_ header: FrameHeader) throws(FrameError) -> FrameRefusal {
        let bytes = max(header.wireLength, header.plainLength)
        let words =
            "\(header.words): expected at most \(frameBytesMax) bytes, as was agreed, found "
            + "\(bytes) (byte \(bytes == header.wireLength ? 0 : 12) of the header); make it "
            + "smaller"
        guard stage == .ready, header.kind == .request || header.kind == .response else {
            throw FrameError(.frameTooLarge, words)
        }
        return FrameRefusal(
            header: header,
            code: .frameTooLarge,
            limit: UInt64(clamping: frameBytesMax),
            explanation: words
        )
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func unknown(_ header: FrameHeader) -> FrameRefusal {
        FrameRefusal(
            header: header,
            code: .unimplemented,
            limit: nil,
            explanation:
                "\(header.words): expected a type that is known here (byte 4 of the header)"
        )
    }

    /// Checks 14 and 15 of the table: the checksum, then inflating.
    private func open(
        _ header: FrameHeader,
        _ input: RawSpan,
        _ range: Range<Int>,
        _ inflater: inout Inflater
    ) throws(FrameError) -> Frame.Payload {
        let wire = input.extracting(range)
        let checksum = Checksum.crc32c(wire)
        guard checksum == header.payloadChecksum else {
            throw FrameError(
                .checksum,
                "payload of \(header.words): expected CRC32C \(FrameDecoder.hex(checksum)), found "
                    + "\(FrameDecoder.hex(header.payloadChecksum)) (payload_crc, byte 16 of the "
                    + "header)"
            )
        }
        guard header.isCompressed else { return .plain(range) }
        do throws(InflateError) {
            try inflater.inflate(wire, plainLength: Int(header.plainLength))
        } catch {
            throw FrameError(
                .decompress,
                "payload of \(header.words), \(wire.byteCount) bytes: \(error.explanation)"
            )
        }
        return .inflated
    }
}
