// SPDX-License-Identifier: Apache-2.0
// Reelwork: what comes to an agent

import ReelworkCore

/// What comes to an agent, one after the other.
enum AgentMail: Sendable {
    /// A connection is open.
    case opened(generation: UInt64, any AgentConnection)
    /// It did not come to one.
    case notOpened(generation: UInt64, AgentTransportError)
    /// Something came from the scheduler.
    case received(generation: UInt64, AgentConnectionEvent)
    /// REGISTER was answered.
    case registered(
        generation: UInt64,
        Result<AgentSession, AgentTransportError>,
        sentAt: BootInstant
    )
    /// HEARTBEAT was answered.
    case heartbeatAnswered(
        generation: UInt64,
        Result<Void, AgentTransportError>,
        sentAt: BootInstant
    )
    /// REPORT was answered.
    case reported(
        generation: UInt64,
        Result<[ItemResult], AgentTransportError>,
        sentAt: BootInstant
    )
    /// A run has news.
    case run(AttemptKey, AttemptRunner.News)
    /// A report is safe on disk.
    case spooled(AttemptKey)
    /// Try to connect.
    case connect(generation: UInt64)
    /// Time has passed.
    case tick
    /// A second has passed.
    case progressDue
    /// Take no new work; hand back what still runs after this time.
    case drain(Duration)
    /// The drain's time is over.
    case drainDeadline
    /// Go, whatever is still to be said: it is in the spool.
    case end
}
