// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the two ends of a connection agreed on.

package import ReelworkCore

/// What the two ends of a connection agreed on.
package struct SessionTerms: Hashable, Sendable {
    /// Feature bits that both have.
    package var features: UInt64
    /// Largest body, both ways.
    package var frameBytesMax: Int
    /// Open requests a direction.
    package var requestsInFlightMax: Int
    /// Whether frames may be compressed.
    package var isCompressed: Bool
    /// The family that the client speaks.
    package var role: PeerRole
    /// The other side's program.
    package var agent: String
    /// The scheduler's data; nil on the server's side.
    package var cluster: JobID?
    /// Rises with each restore; 0 on the server's side.
    package var epoch: UInt64
    /// The server's wall clock in HELLO_ACK; nil on the server's side.
    package var serverTime: Timestamp?
}
