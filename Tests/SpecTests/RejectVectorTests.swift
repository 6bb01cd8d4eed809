// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the specification says is wrong, is refused

import ReelworkCore
import ReelworkWire
import Testing

// Goal: every reject vector that a codec without a session can find is refused with the error that
// the specification names. Method: read each as what it pretends to be. Vectors of the layer
// `session` need open requests and belong to the session's tests.
struct RejectVectorTests {
    static let all = Vector.all("reject").filter { $0.json["layer"]?.text != "session" }

    @Test func thereAreVectors() {
        #expect(RejectVectorTests.all.count > 150)
    }

    @Test(arguments: RejectVectorTests.all.filter { $0.kind == "body" })
    func refusesTheBody(_ vector: Vector) throws {
        let name = try #require(vector.json["message"]?.text)
        let read = try #require(Bodies.all[name], "no body \(name)")
        let code = RejectVectorTests.code { () throws(WireError) in
            let body = try read(vector.bytes)
            try RejectVectorTests.judgeItems(body.value)
        }
        #expect(code == vector.json["error"]?.text)
    }

    /// What a server judges item by item, after the body was read.
    private static func judgeItems(_ value: any WireMessage) throws(WireError) {
        if let request = value as? SubmitBatch.Request {
            for item in request.items {
                if let problem = item.problem { throw problem }
                _ = try JobSpec.decode(spec: item.spec)
            }
        }
        if let request = value as? Report.Request {
            for entry in request.entries {
                if case .invalid(_, _, let fault) = entry { throw .invalid(fault) }
            }
        }
    }

    @Test(arguments: RejectVectorTests.all.filter { $0.kind == "jobspec" })
    func refusesTheSpec(_ vector: Vector) throws {
        let code = RejectVectorTests.code { () throws(WireError) in
            _ = try JobSpec.decode(spec: vector.bytes)
        }
        #expect(code == vector.json["error"]?.text)
    }

    @Test(arguments: RejectVectorTests.all.filter { $0.kind == "uvarint" || $0.kind == "svarint" })
    func refusesTheNumber(_ vector: Vector) throws {
        let code = RejectVectorTests.code { () throws(WireError) in
            var reader = WireReader(vector.bytes.span.bytes, message: "number")
            if vector.kind == "uvarint" {
                _ = try reader.uvarint("value")
            } else {
                _ = try reader.svarint("value")
            }
            try reader.finish()
        }
        #expect(code == vector.json["error"]?.text)
    }

    @Test(arguments: RejectVectorTests.all.filter { $0.kind.hasPrefix("preface") })
    func refusesThePreface(_ vector: Vector) throws {
        let input = vector.bytes.span.bytes
        var outcome = "OK"
        do throws(FrameError) {
            if vector.kind == "preface-client" {
                let preface = try ClientPreface(reading: input)
                if preface == nil { outcome = "INCOMPLETE" }
                if let preface, preface.role.value == nil { outcome = "DENIED" }
            } else {
                let offer = ClientPreface(role: .worker)
                if try ServerPreface(reading: input, answering: offer) == nil {
                    outcome = "INCOMPLETE"
                }
            }
        } catch {
            outcome = error.isSilent ? "CLOSE" : error.code.name
        }
        #expect(outcome == vector.json["error"]?.text)
    }

    @Test(arguments: RejectVectorTests.all.filter { $0.kind == "frame" })
    func refusesTheFrame(_ vector: Vector) throws {
        var inflater = Inflater()
        var decoder = FrameContext.decoder(vector)
        let input = vector.bytes.span.bytes
        var outcome = "OK"
        do throws(FrameError) {
            switch try decoder.next(in: input, &inflater) {
            case .needMore: outcome = "INCOMPLETE"
            case .refused(let refusal, _): outcome = refusal.code.name
            case .frame(let frame, _):
                let body = frame.body(in: input, inflater).withUnsafeBytes { [UInt8]($0) }
                outcome = RejectVectorTests.code { () throws(WireError) in
                    try RejectVectorTests.readBody(frame, body)
                }
            }
        } catch {
            outcome = error.isSilent ? "CLOSE" : error.code.name
        }
        #expect(outcome == vector.json["error"]?.text)
    }

    private static func readBody(_ frame: Frame, _ body: [UInt8]) throws(WireError) {
        let suffix: String? =
            switch frame.kind {
            case .request: ".request"
            case .response: ".response"
            case .event: ".event"
            case .hello, .helloAck, .auth, .authOK, .error, .cancel, .ping, .pong, .goaway: nil
            }
        guard let suffix, let method = frame.header.method,
            let read = Bodies.all[method.name + suffix]
        else { return }
        _ = try read(body)
    }

    private static func code(_ work: () throws(WireError) -> Void) -> String {
        do throws(WireError) {
            try work()
            return "OK"
        } catch {
            return error.code.name
        }
    }
}
