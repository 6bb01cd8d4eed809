// SPDX-License-Identifier: Apache-2.0
// Reelwork: two sessions and one inflater

import NIOCore
import NIOEmbedded
import ReelworkCore
import ReelworkWire
import Testing

@testable import ReelworkRPC

/// Goal: while the body of one session's compressed frame is being handled, no frame of another
/// session is inflated into the same memory; it is read afterwards, and loses nothing.
///
/// Method: two sessions of one event loop whose transports give bytes when the test says: from
/// within the first one's request, as a transport does in which a write fails.
struct LentInflaterTests {
    /// A request whose body is large enough to be compressed, and is told by its keys.
    private static func submit(_ name: String, id: UInt32) throws -> [UInt8] {
        let spec = JobSpec(input: "/in/a.mp4", output: "/out/a.mp4").encoded
        let items = (0..<40).map { SubmitItem(key: "\(name)-\($0)", spec: spec) }
        var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesMax)
        encoder.isCompressionAllowed = true
        var deflater = Deflater()
        try encoder.append(
            SubmitBatch.Request(isAtomic: false, items: items),
            kind: .request,
            methodField: FrameHeader.field(.submitBatch),
            requestID: id,
            &deflater
        )
        let header = try FrameHeader(reading: encoder.array.span.bytes)
        try #require(header.isCompressed)
        return encoder.array
    }

    private static func session(
        _ id: UInt64,
        _ loop: LoopState,
        _ eventLoop: EmbeddedEventLoop,
        _ owner: InflatedOwner
    ) throws -> EmbeddedChannel {
        let machine = SessionMachine(
            serving: .rpc,
            methods: VersionTable(MethodRange.all),
            SessionConfiguration(),
            now: LoopState.now
        )
        let handler = SessionHandler(
            id: RPCConnectionID(rawValue: id),
            loop: loop,
            owner: owner,
            machine: machine
        )
        let channel = EmbeddedChannel(handler: handler, loop: eventLoop)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).wait()
        try give(channel, ClientPreface(role: .submitter).encoded)
        try give(
            channel,
            frame(kind: .hello) { Hello(codecs: [WireCodec.zlib.rawValue], agent: "test") }
        )
        return channel
    }

    private static func give(_ channel: EmbeddedChannel, _ bytes: [UInt8]) throws {
        try channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    @Test func whatComesWhileABodyIsHandledIsReadAfterIt() throws {
        let eventLoop = EmbeddedEventLoop()
        let loop = LoopState(eventLoop: eventLoop)
        let log = InflatedLog()
        let first = InflatedOwner("first", log)
        let second = InflatedOwner("second", log)
        let one = try Self.session(1, loop, eventLoop, first)
        let two = try Self.session(2, loop, eventLoop, second)
        let other = try Self.submit("other", id: 1)
        let rest = try Self.submit("rest", id: 3)
        first.meanwhile = {
            log.isNested = true
            // Cut, so that what had to wait and what comes after it must be put together.
            try Self.give(two, Array(other.dropLast(5)))
            try Self.give(two, Array(other.suffix(5)) + rest)
            log.isNested = false
        }
        try Self.give(one, try Self.submit("own", id: 1))
        #expect(log.keys == ["first own-0", "first own-39"])
        eventLoop.run()
        #expect(
            log.keys == [
                "first own-0", "first own-39", "second other-0", "second other-39",
                "second rest-0", "second rest-39",
            ]
        )
        #expect(!log.wasNested && log.errors.isEmpty)
        // Neither is the worse for it.
        try Self.give(one, try Self.submit("next", id: 3))
        #expect(log.keys.last == "first next-39")
        _ = try? one.finish()
        _ = try? two.finish()
    }
}

/// What the sessions' owners read.
private final class InflatedLog {
    var keys: [String] = []
    var errors: [String] = []
    var isNested = false
    var wasNested = false
}

/// An owner that lets something happen before it reads a body.
private final class InflatedOwner: SessionOwner {
    private let name: String
    private let log: InflatedLog
    var meanwhile: (() throws -> Void)?

    init(_ name: String, _ log: InflatedLog) {
        self.name = name
        self.log = log
    }

    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        if log.isNested { log.wasNested = true }
        let action = meanwhile
        meanwhile = nil
        do {
            try action?()
        } catch {
            log.errors.append("\(error)")
        }
        do throws(WireError) {
            let request = try SubmitBatch.Request.decode(body)
            for item in [request.items.first, request.items.last] {
                log.keys.append("\(name) \(item?.key ?? "nothing")")
            }
            return nil
        } catch {
            log.errors.append("\(error)")
            return error
        }
    }

    func answerToHello(_ terms: SessionTerms) -> HelloAck? {
        HelloAck(
            features: terms.features,
            codec: terms.isCompressed ? .zlib : .none,
            frameBytesMax: UInt64(clamping: terms.frameBytesMax),
            requestsInFlightMax: UInt64(clamping: terms.requestsInFlightMax),
            methods: MethodRange.all,
            agent: "test",
            cluster: JobID(high: 1, low: 1),
            epoch: 1,
            now: Timestamp(milliseconds: 1)
        )
    }

    func closed(_ end: SessionEnd, isFarewell: Bool) {
        switch end {
        case .lost: break
        default: log.errors.append("\(end)")
        }
    }

    func gate(certificate: [UInt8]?) -> SessionGate { .denied }
    func judge(_ proof: Auth) -> SessionVerdict {
        .rejected(ErrorMessage(.authFailed, detail: "test"))
    }
    func opened(_ session: SessionHandler, _ terms: SessionTerms) {}
    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func failed(_ incoming: RPCIncoming, _ why: SessionFailure) {}
    func asked(_ id: UInt32, tag: UInt64) {}
    func settled(_ session: SessionHandler) {}
    func canceled(_ incoming: RPCIncoming) {}
    func goaway(_ message: GoAway) {}
    func paused(_ isPaused: Bool) {}
    func roomy() {}
    func gone() {}
}
