// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the specification says is right, is read

import ReelworkCore
import ReelworkWire
import Testing

// Goal: this codec and the specification agree on every valid vector. Method: read each, compare
// its meaning with the JSON beside it, and where the form is canonical write it again.
struct ValidVectorTests {
    @Test func thereAreVectors() {
        #expect(Vector.all("valid").count > 200)
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "body" })
    func readsTheBody(_ vector: Vector) throws {
        let name = try #require(vector.json["message"]?.text)
        let read = try #require(Bodies.all[name], "no body \(name)")
        let body = try read(vector.bytes)
        try Meaning.expect(body.value, vector)
        if vector.isCanonical { #expect(body.again == vector.bytes) }
        // A body that is cut, or has a byte more, is never read.
        for cut in 0..<vector.bytes.count {
            #expect(throws: WireError.self) { _ = try read(Array(vector.bytes[..<cut])) }
        }
        #expect(throws: WireError.self) { _ = try read(vector.bytes + [0]) }
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "jobspec" })
    func readsTheSpec(_ vector: Vector) throws {
        let spec = try JobSpec.decode(spec: vector.bytes)
        try Meaning.expect(spec, vector)
        if vector.isCanonical { #expect(spec.encoded == vector.bytes) }
        #expect(JobSpec.carriesSecrets(vector.bytes) == !spec.secrets.isEmpty)
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "uvarint" || $0.kind == "svarint" })
    func readsTheNumber(_ vector: Vector) throws {
        var reader = WireReader(vector.bytes.span.bytes, message: "number")
        var writer = WireWriter()
        if vector.kind == "uvarint" {
            let value = try reader.uvarint("value")
            #expect("\(value)" == vector.json["value"]?.text)
            writer.uvarint(value)
        } else {
            let value = try reader.svarint("value")
            #expect("\(value)" == vector.json["value"]?.text)
            writer.svarint(value)
        }
        try reader.finish()
        #expect(writer.bytes == vector.bytes)
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "digest" })
    func agreesOnTheDigest(_ vector: Vector) throws {
        var digest = OpenSetDigest()
        for pair in vector.json["body"]?["open"]?.items ?? [] {
            let number = try #require(pair.items[0].number)
            let attempt = try #require(pair.items[1].number)
            digest.toggle(JobNumber(number), AttemptNumber(UInt32(attempt)))
        }
        var writer = WireWriter()
        writer.u64(digest.value)
        #expect(writer.bytes == vector.bytes)
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "preface-client" })
    func readsTheClientPreface(_ vector: Vector) throws {
        let preface = try #require(try ClientPreface(reading: vector.bytes.span.bytes))
        let body = try #require(vector.json["body"])
        #expect(body["lowest"]?.number == UInt64(preface.versionLowest))
        #expect(body["highest"]?.number == UInt64(preface.versionHighest))
        #expect(body["role"]?.number == UInt64(preface.role.rawValue))
        #expect(preface.encoded == vector.bytes)
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "preface-server" })
    func readsTheServerPreface(_ vector: Vector) throws {
        let preface = try #require(try ServerPreface(reading: vector.bytes.span.bytes))
        let body = try #require(vector.json["body"])
        #expect(body["chosen"]?.number == UInt64(preface.version))
        #expect(body["status"]?.number == UInt64(preface.status.rawValue))
        let wait = try #require(body["retry_after"]?.number)
        #expect(preface.retryAfter == .milliseconds(wait * 100))
        #expect(preface.encoded == vector.bytes)
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "frame" })
    func readsTheFrame(_ vector: Vector) throws {
        var inflater = Inflater()
        var decoder = FrameContext.decoder(vector)
        let input = vector.bytes.span.bytes
        let step = try decoder.next(in: input, &inflater)
        if vector.json["dropped"] == .bool(true) {
            #expect(step == .needMore(consumed: vector.bytes.count, missing: 24))
            return
        }
        guard case .frame(let frame, let consumed) = step else {
            Issue.record("no frame but \(step)")
            return
        }
        #expect(consumed == vector.bytes.count)
        #expect(vector.json["type"]?.number == UInt64(frame.header.type))
        #expect(vector.json["method"]?.number == UInt64(frame.header.methodField >> 4))
        #expect(vector.json["version"]?.number == UInt64(frame.header.version))
        #expect(vector.json["request_id"]?.number == UInt64(frame.header.requestID))
        #expect(vector.json["compressed"] == .bool(frame.header.isCompressed))
        #expect(frame.header.encoded == Array(vector.bytes[..<24]))
        guard let name = vector.json["message"]?.text else { return }
        let body = frame.body(in: input, inflater).withUnsafeBytes { [UInt8]($0) }
        let read = try #require(Bodies.all[name], "no body \(name)")
        let message = try read(body)
        try Meaning.expect(message.value, vector)
        if vector.isCanonical { #expect(message.again == body) }
    }

    @Test(arguments: Vector.all("valid").filter { $0.kind == "stream" }, [1, 7, 1_000_000])
    func readsTheStreamInPieces(_ vector: Vector, _ piece: Int) throws {
        let isClient = vector.json["from"]?.text == "client"
        let preface = vector.bytes.span.bytes.extracting(first: Preface.byteCount)
        if isClient {
            _ = try #require(try ClientPreface(reading: preface))
        } else {
            _ = try #require(try ServerPreface(reading: preface))
        }
        var inflater = Inflater()
        var decoder = FrameDecoder(stage: isClient ? .hello : .helloAck)
        var held: [UInt8] = []
        var frames = 0
        for start in stride(from: 16, to: vector.bytes.count, by: piece) {
            held += vector.bytes[start..<min(start + piece, vector.bytes.count)]
            reading: while true {
                let step = try decoder.next(in: held.span.bytes, &inflater)
                switch step {
                case .needMore(let consumed, _):
                    held.removeFirst(consumed)
                    break reading
                case .frame(let frame, let consumed):
                    held.removeFirst(consumed)
                    frames += 1
                    if frame.kind == .hello || frame.kind == .helloAck {
                        decoder.open(
                            frameBytesMax: Limits.frameBytesMax,
                            isCompressionAllowed: true
                        )
                    }
                case .refused(let refusal, _):
                    Issue.record("refused: \(refusal)")
                    break reading
                }
            }
        }
        #expect(held.isEmpty)
        let parts = vector.json["parts"]?.items ?? []
        #expect(frames > 0 && frames < parts.count)
    }
}
