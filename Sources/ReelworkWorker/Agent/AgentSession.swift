// SPDX-License-Identifier: Apache-2.0
// Reelwork: the answer to REGISTER

package import ReelworkCore

/// The answer to REGISTER.
package struct AgentSession: Hashable, Sendable {
    /// The session's number, for logs.
    package var session: UInt64
    /// The interval of heartbeats.
    package var heartbeat: Duration
    /// The length of the lease.
    package var lease: Duration
    /// One for each attempt that was held, in order.
    package var verdicts: [Verdict]

    /// Puts them together.
    package init(session: UInt64, heartbeat: Duration, lease: Duration, verdicts: [Verdict]) {
        self.session = session
        self.heartbeat = heartbeat
        self.lease = lease
        self.verdicts = verdicts
    }
}
