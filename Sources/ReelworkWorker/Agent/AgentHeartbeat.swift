// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a heartbeat says

package import ReelworkCore

/// What a heartbeat says.
package struct AgentHeartbeat: Hashable, Sendable {
    /// Assignments received in this session.
    package var assignedSeen: UInt64
    /// The size of the open set.
    package var open: UInt64
    /// Its digest.
    package var digest: OpenSetDigest
    /// What is free where films are made, in MiB.
    package var scratchFreeMebibytes: UInt64?
    /// The load average of one minute, in thousandths.
    package var loadMilli: UInt64?

    /// Puts them together.
    package init(
        assignedSeen: UInt64,
        open: UInt64,
        digest: OpenSetDigest,
        scratchFreeMebibytes: UInt64? = nil,
        loadMilli: UInt64? = nil
    ) {
        self.assignedSeen = assignedSeen
        self.open = open
        self.digest = digest
        self.scratchFreeMebibytes = scratchFreeMebibytes
        self.loadMilli = loadMilli
    }
}
