// SPDX-License-Identifier: Apache-2.0
// Reelwork: the agent's way to its scheduler

package import ReelworkCore

/// The agent's way to its scheduler: opens connections that are ready for REGISTER.
package protocol AgentTransport: Sendable {
    /// Opens a connection; when it returns, the handshake is done and nothing was sent yet.
    ///
    /// - Parameters:
    ///   - endpoint: `unix:PATH` or `tcp:HOST:PORT`.
    ///   - receive: told, from any thread, in the order of the frames; last of all, and once, that
    ///     the connection is over.
    /// - Returns: the connection.
    /// - Throws: ``AgentTransportError`` that says what to do.
    func connect(
        to endpoint: String,
        _ receive: @escaping @Sendable (AgentConnectionEvent) -> Void
    ) async throws(AgentTransportError) -> any AgentConnection
}

/// One open connection.
///
/// No function waits: frames leave in the order of the calls, which the digest of the open set
/// depends on, and an answer comes later, from any thread, exactly once: a failure where the
/// connection ends before. Calls after the end do nothing but answer with a failure.
package protocol AgentConnection: Sendable {
    /// Which scheduler answered, and under which epoch.
    var identity: AgentPeerIdentity { get }

    /// Sends REGISTER.
    func register(
        _ registration: WorkerRegistration,
        held: [HeldAttempt],
        _ answer: @escaping @Sendable (Result<AgentSession, AgentTransportError>) -> Void
    )

    /// Sends HEARTBEAT.
    func heartbeat(
        _ heartbeat: AgentHeartbeat,
        _ answer: @escaping @Sendable (Result<Void, AgentTransportError>) -> Void
    )

    /// Sends REPORT; the answer has a result for each item, in order.
    func report(
        limit: UInt64,
        _ items: [ReportItem],
        _ answer: @escaping @Sendable (Result<[ItemResult], AgentTransportError>) -> Void
    )

    /// Sends CREDIT.
    func credit(limit: UInt64, isDraining: Bool)

    /// Sends PROGRESS; dropped where too much waits.
    func progress(_ notes: [JobProgress])

    /// Answers INVENTORY.
    func answerInventory(_ request: UInt32, assignedSeen: UInt64, held: [HeldAttempt])

    /// Answers LOG_READ; nil for NOT_FOUND.
    func answerLog(_ request: UInt32, _ piece: AgentLogPiece?)

    /// Says goodbye and closes once what was sent is on its way.
    func close()

    /// The same; returns when it is closed, some seconds later at most.
    ///
    /// A process that ends before has perhaps said nothing.
    func leave() async
}
