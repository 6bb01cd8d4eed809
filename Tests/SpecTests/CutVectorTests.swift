// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the specification says, however its bytes come

import ReelworkCore
import ReelworkWire
import Testing

// Goal: every vector, valid or not, comes to the same whether its bytes come all at once, one by
// one or cut in two anywhere. Security checklist 6 (desync). Method: feed each in all these ways;
// what comes out, in order, must be equal.
struct CutVectorTests {
    /// Frames with their bodies, refusals, and the end.
    struct Outcome: Equatable {
        var steps: [String] = []
        var left = 0
    }

    static let all = Vector.all("valid") + Vector.all("reject")

    @Test(arguments: all.filter { $0.kind == "frame" })
    func framesComeInAnyCut(_ vector: Vector) throws {
        let decoder = FrameContext.decoder(vector)
        // A frame behind it shows where the next is looked for.
        expectSame(vector.bytes) { CutVectorTests.feed($0, decoder) }
        expectSame(vector.bytes + vector.bytes, isThorough: false) {
            CutVectorTests.feed($0, decoder)
        }
    }

    @Test(arguments: all.filter { $0.kind == "stream" })
    func streamsComeInAnyCut(_ vector: Vector) throws {
        let isClient = vector.json["from"]?.text == "client"
        var decoder = FrameDecoder(stage: isClient ? .hello : .helloAck)
        expectSame(Array(vector.bytes[16...])) { CutVectorTests.feed($0, decoder) }
        decoder.open(frameBytesMax: Limits.frameBytesMax, isCompressionAllowed: true)
        let rest = Array(vector.bytes[16...])
        let hello = try FrameHeader(reading: rest.span.bytes)
        let frames = Array(rest[(FrameHeader.byteCount + Int(hello.wireLength))...])
        expectSame(frames) { CutVectorTests.feed($0, decoder) }
        #expect(CutVectorTests.feed([frames], decoder).steps.count > 1)
    }

    @Test(arguments: all.filter { $0.kind.hasPrefix("preface") })
    func prefacesComeInAnyCut(_ vector: Vector) {
        let isClient = vector.kind == "preface-client"
        expectSame(vector.bytes) { pieces in
            var held: [UInt8] = []
            for piece in pieces {
                held += piece
                if let step = CutVectorTests.preface(held, isClient) {
                    // Too many bytes are found where the last comes, or where too many are there.
                    return Outcome(steps: [step])
                }
            }
            return Outcome(left: held.count)
        }
    }

    /// Feeds a stream whole, byte by byte and cut in two at every place.
    private func expectSame(
        _ bytes: [UInt8],
        isThorough: Bool = true,
        _ feed: ([[UInt8]]) -> Outcome
    ) {
        let whole = feed([bytes])
        #expect(feed(bytes.map { [$0] }) == whole, "byte by byte")
        guard isThorough else { return }
        for cut in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 4_096)) {
            let halves = [Array(bytes[..<cut]), Array(bytes[cut...])]
            #expect(feed(halves) == whole, "cut at \(cut)")
        }
    }

    private static func preface(_ held: [UInt8], _ isClient: Bool) -> String? {
        do throws(FrameError) {
            // As a reader does that has taken 16 bytes: what follows is for the next to read.
            let bytes = Array(held.prefix(Preface.byteCount))
            if isClient {
                return try ClientPreface(reading: bytes.span.bytes).map { "\($0)" }
            }
            return try ServerPreface(reading: bytes.span.bytes).map { "\($0)" }
        } catch {
            return error.explanation
        }
    }

    private static func sum(
        of frame: Frame,
        in held: [UInt8],
        _ inflater: borrowing Inflater
    ) -> UInt32 {
        Checksum.crc32c(frame.body(in: held.span.bytes, inflater))
    }

    static func feed(_ pieces: [[UInt8]], _ start: FrameDecoder) -> Outcome {
        var decoder = start
        var inflater = Inflater()
        var outcome = Outcome()
        var held: [UInt8] = []
        for piece in pieces {
            held += piece
            reading: while true {
                do throws(FrameError) {
                    let step = try decoder.next(in: held.span.bytes, &inflater)
                    switch step {
                    case .needMore(let consumed, _):
                        held.removeFirst(consumed)
                        break reading
                    case .frame(let frame, let consumed):
                        let sum = CutVectorTests.sum(of: frame, in: held, inflater)
                        outcome.steps.append("\(frame.header) \(sum)")
                        held.removeFirst(consumed)
                    case .refused(let refusal, let consumed):
                        outcome.steps.append("\(refusal)")
                        held.removeFirst(consumed)
                    }
                } catch {
                    outcome.steps.append("\(error)")
                    return outcome
                }
            }
        }
        outcome.left = held.count
        return outcome
    }
}
