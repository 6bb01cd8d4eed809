// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a heartbeat says

package import ReelworkCore

/// What a heartbeat says.
package struct HeartbeatNote: Hashable, Sendable {
    /// Assignments received in this session.
    package var assignedSeen: UInt64
    /// Attempts held.
    package var open: UInt64
    /// The digest of them.
    package var digest: OpenSetDigest

    /// Makes a note.
    package init(assignedSeen: UInt64, open: UInt64, digest: OpenSetDigest) {
        self.assignedSeen = assignedSeen
        self.open = open
        self.digest = digest
    }
}
