// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a session wants done.

internal import ReelworkCore
package import ReelworkWire

/// What a session wants done, in order.
package enum SessionAction: Hashable, Sendable {
    // MARK: To the peer

    /// The 16 bytes of a preface.
    case sendPreface([UInt8])
    /// HELLO.
    indirect case sendHello(Hello)
    /// HELLO_ACK with these terms.
    indirect case sendHelloAck(SessionTerms)
    /// ERROR; id 0 and method 0 = the connection's.
    indirect case sendError(ErrorMessage, id: UInt32, methodField: UInt16)
    /// CANCEL of a request of this side.
    case sendCancel(id: UInt32)
    /// PING.
    case sendPing(UInt64)
    /// PONG.
    case sendPong(UInt64)
    /// GOAWAY.
    indirect case sendGoAway(GoAway)
    /// The body that the owner wants to send, with this id.
    case sendBody(id: UInt32)

    // MARK: To the codec

    /// The handshake is over: frames as agreed from now on.
    indirect case open(SessionTerms)
    /// HELLO_ACK is awaited now.
    case awaitHelloAck
    /// HELLO is awaited now.
    case awaitHello

    // MARK: To the owner

    /// The handshake is over.
    indirect case opened(SessionTerms)
    /// The frame at hand is a request to hand on.
    case deliverRequest
    /// The frame at hand is an event to hand on; the tag is its request's.
    case deliverNews(tag: UInt64)
    /// The frame at hand answers the request with this tag.
    case deliverAnswer(tag: UInt64)
    /// The peer no longer wants this answer.
    case deliverCancel(id: UInt32, methodField: UInt16)
    /// A request of this side failed; id 0 = it was never sent.
    indirect case failed(SessionFailure, id: UInt32, methodField: UInt16, tag: UInt64)
    /// The peer says that it will leave.
    indirect case deliverGoAway(GoAway)
    /// Why the connection ends.
    indirect case explain(SessionEnd)

    // MARK: To the transport

    /// Close once everything is out.
    case close
}
