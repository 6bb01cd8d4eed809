// SPDX-License-Identifier: Apache-2.0
// Reelwork: any stream, cut anywhere, as prefaces and frames

import FuzzKit
import ReelworkCore
import ReelworkWire

// An input: a byte of settings, four sizes of the pieces in which the stream comes (0 = 256),
// then the stream.

/// Any stream, cut anywhere, as prefaces and frames: the same comes of it however it is cut.
enum FrameFuzz {
    /// What came of a stream.
    struct Outcome: Equatable {
        var frames: [FrameHeader] = []
        var bodies: [[UInt8]] = []
        var refused: [FrameRefusal] = []
        var error: FrameError?
        var left = 0
    }

    /// What an input's first byte says.
    struct Settings {
        var stage: FrameStage
        var isCompressionAllowed: Bool
        var isMended: Bool
        var deflates: Bool
        var frameBytesMax: Int

        static let stages: [FrameStage] = [
            .ready, .hello, .helloAck, .auth, .authOK, .quiet, .ready, .ready,
        ]

        init(_ byte: UInt8) {
            stage = Settings.stages[Int(byte & 7)]
            isCompressionAllowed = byte & 0x08 == 0
            isMended = byte & 0x10 == 0
            deflates = byte & 0x20 != 0
            frameBytesMax = byte & 0x40 == 0 ? Limits.frameBytesMax : Limits.frameBytesFloor
        }

        var decoder: FrameDecoder {
            var decoder = FrameDecoder(stage: stage)
            guard stage == .ready else { return decoder }
            decoder.open(
                frameBytesMax: frameBytesMax,
                isCompressionAllowed: isCompressionAllowed
            )
            return decoder
        }
    }

    static func check(_ input: inout FuzzInput) {
        let settings = Settings(input.u8())
        let pieces = (0..<4).map { _ in
            let size = Int(input.u8())
            return size == 0 ? 256 : size
        }
        let raw = input.everything()
        checkPreface(raw)
        checkPreface(FrameMender.preface(raw))
        let stream =
            settings.isMended ? FrameMender.mend(raw, deflates: settings.deflates) : raw
        let whole = read(stream, [max(stream.count, 1)], settings)
        Invariant.hold(read(stream, pieces, settings) == whole, "cut in \(pieces) it differs")
        if stream.count <= 2_048 {
            Invariant.hold(read(stream, [1], settings) == whole, "byte by byte it differs")
        }
        checkHeaders(whole, settings)
    }

    /// Reads a stream that comes in pieces, as a connection does.
    static func read(_ stream: [UInt8], _ pieces: [Int], _ settings: Settings) -> Outcome {
        var decoder = settings.decoder
        var inflater = Inflater()
        var outcome = Outcome()
        var held: [UInt8] = []
        var (from, turn) = (0, 0)
        while from < stream.count {
            let to = min(from + pieces[turn % pieces.count], stream.count)
            held += stream[from..<to]
            (from, turn) = (to, turn + 1)
            let consumed = consume(held, &decoder, &inflater, &outcome)
            guard outcome.error == nil else { return outcome }
            held.removeFirst(consumed)
        }
        outcome.left = held.count
        return outcome
    }

    /// Reads on as far as it goes; answers how many bytes are done with.
    private static func consume(
        _ held: [UInt8],
        _ decoder: inout FrameDecoder,
        _ inflater: inout Inflater,
        _ outcome: inout Outcome
    ) -> Int {
        var offset = 0
        while true {
            let span = held.span.bytes.extracting(offset...)
            do throws(FrameError) {
                let step = try bounded(span, &decoder, &inflater)
                switch step {
                case .needMore(let consumed, let missing):
                    Invariant.hold(consumed <= span.byteCount, "more is consumed than came")
                    let isHonest = missing > span.byteCount - consumed
                    Invariant.hold(isHonest, "\(missing) bytes are missing that are there")
                    return offset + consumed
                case .frame(let frame, let consumed):
                    Invariant.hold(consumed > 0, "a frame of nothing")
                    let body = frame.body(in: span, inflater)
                    outcome.frames.append(frame.header)
                    outcome.bodies.append(body.withUnsafeBytes { [UInt8]($0) })
                    offset += consumed
                case .refused(let refusal, let consumed):
                    Invariant.hold(consumed > 0, "a refusal of nothing")
                    outcome.refused.append(refusal)
                    offset += consumed
                }
            } catch {
                outcome.error = error
                failsOn(error, span, &decoder, &inflater)
                return offset
            }
        }
    }

    /// One step, with no more memory than the bytes that came may inflate to.
    private static func bounded(
        _ span: RawSpan,
        _ decoder: inout FrameDecoder,
        _ inflater: inout Inflater
    ) throws(FrameError) -> FrameStep {
        // zlib's context and window, and what is inflated whatever its ratio.
        let free = (64 << 10) + Limits.inflateFreeBytes
        let most = span.byteCount * Limits.inflateRatioMax + free
        let result = FuzzMemory.bounded(by: most, "a step over \(span.byteCount) bytes") {
            do throws(FrameError) {
                return Result<FrameStep, FrameError>.success(
                    try decoder.next(in: span, &inflater)
                )
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// After a failure every call fails alike.
    private static func failsOn(
        _ error: FrameError,
        _ span: RawSpan,
        _ decoder: inout FrameDecoder,
        _ inflater: inout Inflater
    ) {
        do throws(FrameError) {
            let step = try decoder.next(in: span, &inflater)
            Invariant.fail("after \(error.explanation) comes \(step)")
        } catch let again {
            Invariant.hold(again == error, "after \(error.explanation): \(again.explanation)")
        }
    }

    /// What was let through keeps to the rules.
    private static func checkHeaders(_ outcome: Outcome, _ settings: Settings) {
        let most =
            settings.stage == .ready ? settings.frameBytesMax : Limits.handshakeFrameBytesMax
        for (header, body) in zip(outcome.frames, outcome.bodies) {
            Invariant.hold(body.count == Int(header.plainLength), "a body of another length")
            Invariant.hold(body.count <= most, "a body of \(body.count) bytes")
            let isAllowed = settings.stage == .ready && settings.isCompressionAllowed
            Invariant.hold(!header.isCompressed || isAllowed, "a codec that is not in force")
            let again = try? FrameHeader(reading: header.encoded.span.bytes)
            Invariant.hold(again == header, "a header changes on its way")
        }
    }

    /// A preface is read once all its bytes are there, and comes back as it was.
    private static func checkPreface(_ stream: [UInt8]) {
        var hasFailed = false
        for count in 0...min(stream.count, Preface.byteCount + 1) {
            let part = Array(stream[..<count])
            do throws(FrameError) {
                let client = try ClientPreface(reading: part.span.bytes)
                Invariant.hold(!hasFailed, "a preface that was refused is read")
                Invariant.hold((client != nil) == (count == 16), "a preface of \(count) bytes")
                if let client {
                    Invariant.hold(client.encoded == part, "a client's preface changes")
                    _ = client.hasVersion
                }
            } catch {
                Invariant.hold(error.isSilent, "a bad preface is answered")
                hasFailed = true
            }
            let server = try? ServerPreface(reading: part.span.bytes)
            if let server = server ?? nil {
                Invariant.hold(
                    server.encoded == Array(part.prefix(16)),
                    "a server's preface changes"
                )
            }
            let offer = ClientPreface(role: .worker)
            _ = try? ServerPreface(reading: part.span.bytes, answering: offer)
        }
    }

    static func seeds(_ vectors: [FuzzVector]) -> [(String, [UInt8])] {
        vectors.compactMap { vector in
            let settings: UInt8? =
                switch (vector.kind, vector.state) {
                case ("frame", "before_hello"): 1
                case ("frame", "before_hello_ack"): 2
                case ("frame", "before_auth"): 3
                case ("frame", "before_auth_ok"): 4
                case ("frame", _), ("preface-client", _), ("preface-server", _): 0
                case ("stream", _): 0
                default: nil
                }
            guard let settings else { return nil }
            let start = vector.kind == "stream" ? Preface.byteCount : 0
            // As it is: with its checksums, which some are about.
            return (vector.name, [settings | 0x10, 1, 7, 0, 24] + vector.bytes[start...])
        }
    }
}

/// What libFuzzer calls first.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(_ count: UnsafeMutableRawPointer?, _ words: UnsafeMutableRawPointer?)
    -> CInt
{
    FuzzSeeds.writeWhereAsked(FrameFuzz.seeds)
}

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
package func test(_ data: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = FuzzInput(data, count)
    FrameFuzz.check(&input)
    return 0
}
