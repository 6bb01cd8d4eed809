// SPDX-License-Identifier: Apache-2.0
// Reelwork: what travels between agent and scheduler

package import ReelworkCore

/// Which scheduler is at the other end (HELLO_ACK).
package struct AgentPeerIdentity: Hashable, Sendable {
    /// The cluster.
    package var cluster: JobID
    /// Its epoch: a restore from a backup takes a higher one.
    package var epoch: UInt64

    /// Puts them together.
    package init(cluster: JobID, epoch: UInt64) {
        self.cluster = cluster
        self.epoch = epoch
    }
}
