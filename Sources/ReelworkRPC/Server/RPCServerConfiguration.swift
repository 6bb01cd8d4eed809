// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a server behaves.

package import ReelworkCore
package import ReelworkWire

/// How a server behaves.
package struct RPCServerConfiguration: Sendable {
    /// The identity of the scheduler's data, for HELLO_ACK.
    package var cluster: JobID
    /// It rises with each restore from a backup.
    package var epoch: UInt64
    /// Name and version of the program, for HELLO_ACK.
    package var agent: String
    /// Event loops, 1 to ``Limits/eventLoopsMax``.
    package var loops: Int
    /// Methods that are served; others are answered UNIMPLEMENTED.
    package var methods: [MethodRange]
    /// The user beside root who may use the Unix sockets; nil for the process's own.
    package var ownerUID: UInt32?
    /// TLS on TCP; nil = plain TCP, on loopback only.
    package var security: ServerSecurity?
    /// Connections at most, all sockets together.
    package var connectionsMax: Int
    /// Connections that have not finished their handshake.
    package var connectionsUnauthenticatedMax = Limits.connectionsUnauthenticatedMax
    /// New connections a second; more wait in the kernel.
    package var acceptsPerSecondMax = Limits.acceptsPerSecondMax
    /// Bytes of incomplete frames, all connections together; then reading pauses.
    package var payloadBytesMax = Limits.payloadBytesInFlightMax
    /// Bytes waiting for slow readers, all connections together; then the slowest are closed.
    package var outboundBytesMax = Limits.outboundBytesInFlightMax
    /// What every session keeps to.
    package var session = SessionConfiguration()

    /// Makes a configuration with the defaults of the specification.
    ///
    /// Where `connectionsMax` is nil, the process's soft limit of open files is raised as far as is
    /// of use, and the limit of connections is what it leaves room for.
    package init(
        cluster: JobID,
        epoch: UInt64,
        agent: String,
        loops: Int = 1,
        methods: [MethodRange] = MethodRange.all,
        ownerUID: UInt32? = nil,
        connectionsMax: Int? = nil
    ) {
        self.cluster = cluster
        self.epoch = epoch
        self.agent = agent
        self.loops = min(max(loops, 1), Limits.eventLoopsMax)
        self.methods = methods
        self.ownerUID = ownerUID
        self.connectionsMax = connectionsMax ?? ServerFiles.connectionsMax
    }
}
