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
    /// What is free where films are made, in MiB; nil where it was not said.
    package var scratchFreeMebibytes: UInt64?

    /// Makes a note.
    package init(
        assignedSeen: UInt64,
        open: UInt64,
        digest: OpenSetDigest,
        scratchFreeMebibytes: UInt64? = nil
    ) {
        self.assignedSeen = assignedSeen
        self.open = open
        self.digest = digest
        self.scratchFreeMebibytes = scratchFreeMebibytes
    }
}
