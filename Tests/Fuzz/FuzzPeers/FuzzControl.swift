// SPDX-License-Identifier: Apache-2.0
// Reelwork: the frames of the handshake

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

/// The frames of the handshake, and what sessions say of them: a new one is a line in each.
enum FuzzControl {
    /// What a frame that the session itself understands says.
    static func event(
        _ frame: Frame,
        _ body: [UInt8],
        _ hasMore: Bool
    ) throws(WireError) -> SessionEvent? {
        let body = body.span.bytes
        let header = frame.header
        return switch frame.kind {
        case .hello: .hello(try Hello.decode(body), hasMore: hasMore)
        case .helloAck: .helloAck(try HelloAck.decode(body))
        case .auth: .auth(try Auth.decode(body), hasMore: hasMore)
        case .authOK: .authOK(try AuthOK.decode(body))
        case .error:
            .failure(
                try ErrorMessage.decode(body),
                id: header.requestID,
                methodField: header.methodField
            )
        case .ping: .ping(try Ping.decode(body).opaque)
        case .pong: .pong(try Ping.decode(body).opaque)
        case .goaway: .goaway(try GoAway.decode(body))
        case .request, .response, .event, .cancel: nil
        }
    }

    /// What an action of the handshake comes to.
    enum Step {
        /// This goes out.
        case sends(any WireMessage, FrameKind)
        /// Nothing goes out: it is done, or is no action of the handshake.
        case `is`(done: Bool)
    }

    /// Does what concerns the handshake alone.
    static func perform(_ action: SessionAction, _ decoder: inout FrameDecoder) -> Step {
        switch action {
        case .sendHello(let hello): return .sends(hello, .hello)
        case .sendHelloAck(let terms, let mechanisms):
            return .sends(answer(terms, mechanisms), .helloAck)
        case .sendAuth(let auth): return .sends(auth, .auth)
        case .sendAuthOK(let answer): return .sends(answer, .authOK)
        case .awaitHello: decoder.stage = .hello
        case .awaitHelloAck: decoder.stage = .helloAck
        case .awaitAuth: decoder.stage = .auth
        case .awaitAuthOK: decoder.stage = .authOK
        case .open(let terms):
            decoder.open(
                frameBytesMax: terms.frameBytesMax,
                isCompressionAllowed: terms.isCompressed
            )
        default: return .is(done: false)
        }
        return .is(done: true)
    }

    private static func answer(_ terms: SessionTerms, _ mechanisms: [String]) -> HelloAck {
        HelloAck(
            features: terms.features,
            codec: terms.isCompressed ? .zlib : .none,
            frameBytesMax: UInt64(clamping: terms.frameBytesMax),
            requestsInFlightMax: UInt64(clamping: terms.requestsInFlightMax),
            agent: "fuzz",
            cluster: JobID(high: 1, low: 2),
            epoch: 1,
            now: Timestamp(milliseconds: 1_700_000_000_000),
            mechanisms: mechanisms
        )
    }
}
