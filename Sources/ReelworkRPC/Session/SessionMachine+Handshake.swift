// SPDX-License-Identifier: Apache-2.0
// Reelwork: prefaces, HELLO and HELLO_ACK.

internal import ReelworkCore
internal import ReelworkWire

extension SessionMachine {
    /// The client's first bytes, once its transport is there.
    package var firstBytes: [UInt8] {
        role.map { ClientPreface(role: $0).encoded } ?? []
    }

    mutating func clientPreface(_ preface: ClientPreface, _ actions: inout [SessionAction]) {
        switch (side, state) {
        case (.server, .preface): break
        case (.client, _), (.server, .hello), (.server, .auth), (.server, .ready),
            (.server, .soon), (.server, .leaving):
            return protocolError("a preface may not come now", &actions)
        case (.server, .closed): return
        }
        let status: PrefaceStatus =
            if admission != .ok {
                admission
            } else if gate == .denied {
                .denied
            } else if !preface.hasVersion {
                .noVersion
            } else if let known = preface.role.value, family.admits(known) {
                .ok
            } else {
                .denied
            }
        role = preface.role.value
        let isLater = status == .overloaded || status == .draining
        let wait = isLater ? Limits.retryAfterRefusal : .zero
        let answer = ServerPreface(status: status, retryAfter: wait)
        actions.append(.sendPreface(answer.encoded))
        guard status == .ok else {
            return close(.refused(status, retryAfter: wait), &actions)
        }
        state = .hello
        actions.append(.awaitHello)
    }

    mutating func serverPreface(_ preface: ServerPreface, _ actions: inout [SessionAction]) {
        switch (side, state) {
        case (.client, .preface): break
        case (.server, _), (.client, .hello), (.client, .auth), (.client, .ready),
            (.client, .soon), (.client, .leaving):
            return protocolError("a preface may not come now", &actions)
        case (.client, .closed): return
        }
        guard preface.status == .known(.ok), let offer else {
            let status = preface.status.value
            return close(.refused(status, retryAfter: preface.retryAfter), &actions)
        }
        state = .hello
        actions.append(.awaitHelloAck)
        actions.append(.sendHello(offer))
    }

    mutating func hello(_ hello: Hello, _ hasMore: Bool, _ actions: inout [SessionAction]) {
        switch (side, state) {
        case (.server, .hello): break
        case (.client, _), (.server, .preface), (.server, .auth), (.server, .ready),
            (.server, .soon), (.server, .leaving):
            return protocolError("HELLO may not come now", &actions)
        case (.server, .closed): return
        }
        guard !hasMore else {
            return protocolError("bytes came before the answer to HELLO", &actions)
        }
        guard let role else { return protocolError("HELLO without a role", &actions) }
        let agreed = SessionTerms(
            features: 0,
            frameBytesMax: min(Int(clamping: hello.frameBytesMax), configuration.frameBytesMax),
            requestsInFlightMax: min(
                Int(clamping: hello.requestsInFlightMax),
                configuration.requestsInFlightMax
            ),
            isCompressed: configuration.isCompressionAllowed
                && hello.codecs.contains(WireCodec.zlib.rawValue),
            role: role,
            agent: hello.agent,
            cluster: nil,
            epoch: 0,
            serverTime: nil
        )
        peerMethods = VersionTable(hello.methods)
        answerHello(agreed, &actions)
    }

    mutating func helloAck(_ answer: HelloAck, _ actions: inout [SessionAction]) {
        switch (side, state) {
        case (.client, .hello): break
        case (.server, _), (.client, .preface), (.client, .auth), (.client, .ready),
            (.client, .soon), (.client, .leaving):
            return protocolError("HELLO_ACK may not come now", &actions)
        case (.client, .closed): return
        }
        guard let offer, let role else { return protocolError("no HELLO was sent", &actions) }
        let isCompressed = answer.codec == .known(.zlib)
        let least = UInt64(Limits.frameBytesFloor)
        guard answer.codec == .known(.none) || offer.codecs.contains(answer.codec.rawValue),
            answer.features & ~offer.features == 0,
            answer.frameBytesMax >= least, answer.frameBytesMax <= offer.frameBytesMax,
            answer.requestsInFlightMax >= 1,
            answer.requestsInFlightMax <= offer.requestsInFlightMax
        else { return protocolError("HELLO_ACK chooses what was not offered", &actions) }
        peerMethods = VersionTable(answer.methods)
        let agreed = SessionTerms(
            features: answer.features,
            frameBytesMax: Int(clamping: answer.frameBytesMax),
            requestsInFlightMax: Int(clamping: answer.requestsInFlightMax),
            isCompressed: isCompressed,
            role: role,
            agent: answer.agent,
            cluster: answer.cluster,
            epoch: answer.epoch,
            serverTime: answer.now
        )
        guard answer.mechanisms.isEmpty else { return prove(answer.mechanisms, agreed, &actions) }
        open(agreed, &actions)
    }

    mutating func open(_ agreed: SessionTerms, _ actions: inout [SessionAction]) {
        terms = agreed
        state = .ready
        actions.append(.open(agreed))
        actions.append(.opened(agreed))
    }
}
