// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a server tells its owner.

package import ReelworkWire

/// What a server tells its owner; all of it on the connection's event loop, so be quick.
///
/// Bodies are lent: decode them before you return. Answers go through ``RPCServer/deliver(_:)``.
package protocol RPCServerDelegate: AnyObject, Sendable {
    /// A handshake is over; comes before anything else of the connection.
    func opened(_ peer: RPCPeer)

    /// A request: decode it, hand it on and return nil; or return the error that answers it.
    ///
    /// A malformed body closes the connection, a senseless one is answered INVALID_ARGUMENT.
    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError?

    /// An event of the peer; an error closes the connection, as nobody could answer it.
    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError?

    /// The answer to a request that this side sent (INVENTORY, LOG_READ).
    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError?

    /// A request that this side sent failed; also where the connection closed before the answer.
    func failed(_ incoming: RPCIncoming, error: ErrorMessage)

    /// The peer no longer wants the answer; it still gets one.
    func canceled(_ incoming: RPCIncoming)

    /// Whether so many bytes wait for the peer that it should be given no more work.
    func paused(_ connection: RPCConnectionID, isPaused: Bool)

    /// What was sent before ``RPCDelivery/probe(_:)`` has left, or nearly: there is room for more.
    func roomy(_ connection: RPCConnectionID)

    /// The connection is over; `isFarewell` where the peer said GOAWAY first.
    func closed(_ connection: RPCConnectionID, isFarewell: Bool)

    /// The process at the other end of a closed Unix connection has ended; comes after
    /// ``closed(_:isFarewell:)``, for workers only.
    func processGone(_ connection: RPCConnectionID)
}

extension RPCServerDelegate {
    /// Nothing: for owners that never probe.
    package func roomy(_ connection: RPCConnectionID) {}
}
