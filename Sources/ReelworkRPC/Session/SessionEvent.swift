// SPDX-License-Identifier: Apache-2.0
// Reelwork: what can happen to a connection.

package import ReelworkCore
package import ReelworkWire

/// What can happen to a connection: frames that came, wishes of its owner, time.
package enum SessionEvent: Sendable {
    // MARK: From the peer

    /// A client's first bytes.
    case clientPreface(ClientPreface)
    /// A server's first bytes.
    indirect case serverPreface(ServerPreface)
    /// HELLO; `hasMore` where bytes came before its answer.
    indirect case hello(Hello, hasMore: Bool)
    /// HELLO_ACK.
    indirect case helloAck(HelloAck)
    /// AUTH; `hasMore` where bytes came before its answer.
    indirect case auth(Auth, hasMore: Bool)
    /// AUTH_OK.
    indirect case authOK(AuthOK)
    /// REQUEST.
    case request(id: UInt32, methodField: UInt16)
    /// RESPONSE.
    case response(id: UInt32, methodField: UInt16)
    /// ERROR; id 0 = the connection's.
    indirect case failure(ErrorMessage, id: UInt32, methodField: UInt16)
    /// CANCEL.
    case cancel(id: UInt32)
    /// EVENT.
    case news(id: UInt32, methodField: UInt16)
    /// PING.
    case ping(UInt64)
    /// PONG.
    case pong(UInt64)
    /// GOAWAY.
    indirect case goaway(GoAway)
    /// So many frames came whose types are unknown and may be ignored.
    case ignored(Int)
    /// A frame that the decoder skipped.
    indirect case refused(FrameRefusal)
    /// Bytes that cannot be read on.
    indirect case broken(FrameError)
    /// A body that was refused where only the connection can answer for it.
    indirect case malformed(WireError)

    // MARK: From the owner

    /// What the owner found of the AUTH at hand.
    case judged(SessionVerdict)
    /// The answer to a request of the peer is to go out.
    case respond(id: UInt32, methodField: UInt16)
    /// A request of the peer failed.
    indirect case fail(ErrorMessage, id: UInt32, methodField: UInt16)
    /// News are to go out; id 0 = the connection's.
    case tell(id: UInt32, methodField: UInt16)
    /// A request is to go out.
    case ask(methodField: UInt16, tag: UInt64)
    /// The answer to a request of this side is no longer wanted.
    case giveUp(id: UInt32)
    /// This side wants to leave; zero = at once.
    indirect case leave(ResultCode, drain: Duration)
    /// This side ends the connection and says why.
    indirect case end(ErrorMessage)

    // MARK: From the world

    /// Server: TLS is up; whom it has shown the client to be.
    case secured(SessionGate)
    /// TLS failed, or is not what was asked for.
    case untrusted(String)
    /// ``SessionMachine/deadline`` may have passed.
    case time
    /// The peer takes what waits for it too slowly, or a body comes too slowly.
    case stalled
    /// The request that was to go out could not be put into a frame.
    case unsent(id: UInt32)
    /// The transport is gone.
    case ended
}
