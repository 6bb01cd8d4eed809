// SPDX-License-Identifier: Apache-2.0
// Reelwork: the agent's way to its scheduler over the wire

import ReelworkCore
package import ReelworkRPC

/// The agent's way to its scheduler over the wire: RLW/1 on a Unix socket or TCP.
package struct RPCTransport: AgentTransport {
    private let agent: String
    private let security: ClientSecurity?
    private let configuration: SessionConfiguration

    /// Makes a transport.
    ///
    /// - Parameters:
    ///   - agent: how HELLO names this program, such as `reelwork/0.1.0`.
    ///   - security: TLS and the proof of identity, for TCP.
    ///   - configuration: what is offered to the server.
    package init(
        agent: String,
        security: ClientSecurity? = nil,
        configuration: SessionConfiguration = SessionConfiguration()
    ) {
        self.agent = agent
        self.security = security
        self.configuration = configuration
    }

    /// Connects and shakes hands.
    package func connect(
        to endpoint: String,
        _ receive: @escaping @Sendable (AgentConnectionEvent) -> Void
    ) async throws(AgentTransportError) -> any AgentConnection {
        do throws(RPCError) {
            let connection = try await RPCConnection.connect(
                to: RPCEndpoint(parsing: endpoint),
                role: .worker,
                agent: agent,
                security: security,
                configuration: configuration
            )
            return RPCAgentConnection(connection, receive)
        } catch {
            throw AgentTransportError(error)
        }
    }
}

extension AgentTransportError {
    /// What the wire says.
    init(_ error: RPCError) {
        self.init(detail: "\(error)", retryAfter: error.retryAfter > .zero ? error.retryAfter : nil)
        if case .remote(let code) = error.code { self.code = code }
    }
}
