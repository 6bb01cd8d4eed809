// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a server sends of its own accord.

package import ReelworkWire

/// What a server sends of its own accord, in order.
package enum RPCPush: Sendable {
    /// Jobs for this worker.
    case assign(Assign.Event)
    /// Attempts to give up.
    case revoke(Revoke.Event)
    /// The server asks what this worker holds; answer with this request id.
    case inventory(request: UInt32)
    /// The server asks for a log; answer with this request id.
    case logRead(LogRead.Request, request: UInt32)
    /// The server no longer wants this answer; it still gets one.
    case canceled(request: UInt32)
    /// The server will close the connection.
    case farewell(GoAway)
    /// The connection is over, and nothing comes after this; nil where this side left.
    case closed(RPCError?)
}
