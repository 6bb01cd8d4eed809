// SPDX-License-Identifier: Apache-2.0
// Reelwork: where and how a client connects.

/// Where and how a client connects.
public struct ReelworkConfiguration: Hashable, Sendable {
    /// Schedulers to try in this order: `unix:PATH` or `tcp:HOST:PORT`.
    ///
    /// The one that let the client in is tried first the next time; where it says that it will
    /// stop, the one after it.
    public var endpoints: [String]
    /// TLS and what proves who the client is, for `tcp:` endpoints.
    ///
    /// Without it only Unix sockets, and plain TCP to this machine, can be connected to.
    public var security: ReelworkSecurity?
    /// What the client is.
    public var role: ReelworkRole
    /// Name and version of the program, for the scheduler's logs.
    public var agent: String
    /// How long a connection that broke, or a scheduler that is busy, is tried again.
    public var patience: Duration
    /// How long one call may take with all that is asked again; nil = no limit of its own.
    ///
    /// ``ReelworkClient/within(_:)`` gives single calls another one.
    public var timeout: Duration?
    /// Whether large messages are compressed, where the scheduler can.
    public var isCompressionAllowed: Bool
    /// Whether the endpoints are tried in a random order, so that many clients spread.
    public var isShuffled: Bool

    /// Makes a configuration.
    public init(
        endpoints: [String],
        security: ReelworkSecurity? = nil,
        role: ReelworkRole = .submitter,
        agent: String,
        patience: Duration = .seconds(10),
        timeout: Duration? = nil,
        isCompressionAllowed: Bool = true,
        isShuffled: Bool = false
    ) {
        self.endpoints = endpoints
        self.security = security
        self.role = role
        self.agent = agent
        self.patience = patience
        self.timeout = timeout
        self.isCompressionAllowed = isCompressionAllowed
        self.isShuffled = isShuffled
    }
}
