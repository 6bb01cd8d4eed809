// SPDX-License-Identifier: Apache-2.0
// Reelwork: whom a session belongs to.

internal import ReelworkCore
internal import ReelworkWire

/// Whom a session belongs to: the server's or the client's end.
///
/// All on the session's event loop.
protocol SessionOwner: AnyObject {
    /// What a server says of itself in HELLO_ACK.
    func answerToHello(_ terms: SessionTerms) -> HelloAck?
    /// Server: TLS is up, and the client has shown this certificate (DER), or none.
    func gate(certificate: [UInt8]?) -> SessionGate
    /// Server: looks whether AUTH proves who the client is.
    func judge(_ proof: Auth) -> SessionVerdict
    /// The handshake is over.
    func opened(_ session: SessionHandler, _ terms: SessionTerms)
    /// A request of the peer.
    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError?
    /// An event of the peer.
    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError?
    /// The answer to a request of this side.
    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError?
    /// A request of this side failed.
    func failed(_ incoming: RPCIncoming, _ why: SessionFailure)
    /// A request of this side went out with this id.
    func asked(_ id: UInt32, tag: UInt64)
    /// A request of this side was answered: there may be room for another.
    func settled(_ session: SessionHandler)
    /// The peer no longer wants an answer.
    func canceled(_ incoming: RPCIncoming)
    /// The peer will leave.
    func goaway(_ message: GoAway)
    /// Whether much waits for the peer.
    func paused(_ isPaused: Bool)
    /// What was sent before a probe has left, or nearly.
    func roomy()
    /// The session is over; said once.
    func closed(_ end: SessionEnd, isFarewell: Bool)
    /// The transport is over; said once, last.
    func gone()
}
