// SPDX-License-Identifier: Apache-2.0
// Reelwork: who is at the other end of a connection.

package import ReelworkCore

/// Who is at the other end of a connection, once the handshake is over.
package struct RPCPeer: Sendable {
    /// The connection.
    package var id: RPCConnectionID
    /// The message family that it speaks.
    package var role: PeerRole
    /// Whether it came over a Unix socket.
    package var isUnix: Bool
    /// Whose process connected, from the kernel; nil over TCP.
    package var uid: UInt32?
    /// Its group, from the kernel; nil over TCP.
    package var gid: UInt32?
    /// Its process as of the connecting; nil over TCP or where the kernel does not say.
    package var pid: Int32?
    /// Who it has proved to be, by certificate or token; nil on sockets without TLS.
    package var identity: PeerIdentity?
    /// Where it is, for logs: `unix` or the address and port.
    package var address: String
    /// Its program, as it says; gives it no right.
    package var agent: String

    /// The largest body that it takes, as was agreed.
    package var frameBytesMax: Int
    /// Whether a codec was agreed.
    package var isCompressed: Bool

    /// Describes a peer.
    package init(
        id: RPCConnectionID,
        role: PeerRole,
        isUnix: Bool,
        uid: UInt32? = nil,
        gid: UInt32? = nil,
        pid: Int32? = nil,
        identity: PeerIdentity? = nil,
        address: String,
        agent: String,
        frameBytesMax: Int,
        isCompressed: Bool = false
    ) {
        self.id = id
        self.role = role
        self.isUnix = isUnix
        self.uid = uid
        self.gid = gid
        self.pid = pid
        self.identity = identity
        self.address = address
        self.agent = agent
        self.frameBytesMax = frameBytesMax
        self.isCompressed = isCompressed
    }
}
