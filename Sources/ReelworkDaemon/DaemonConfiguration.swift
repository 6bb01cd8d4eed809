// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a scheduler is set up

package import ReelworkCore
package import ReelworkRPC

/// How a scheduler is set up.
package struct DaemonConfiguration: Sendable {
    /// Where it listens for workers and submitters.
    package var listen: [RPCEndpoint]
    /// Where it listens for administrators: a Unix socket.
    package var admin: RPCEndpoint
    /// Plain TCP on loopback is wanted.
    package var isInsecureLoopback: Bool
    /// The scheduler's times.
    package var policy: SchedulerPolicy
    /// The loops' intervals.
    package var loops: LoopIntervals
    /// Connections at most; nil for what the limit of open files leaves room for.
    package var connectionsMax: Int?
    /// New connections a second; more wait in the kernel.
    package var acceptsPerSecondMax: Int
    /// How long goodbye may take at the end.
    package var drainMax: Duration
    /// The program's version, for peers and logs.
    package var version: String

    /// Makes a configuration.
    package init(
        listen: [RPCEndpoint],
        admin: RPCEndpoint,
        isInsecureLoopback: Bool = false,
        policy: SchedulerPolicy = SchedulerPolicy(),
        loops: LoopIntervals = LoopIntervals(),
        connectionsMax: Int? = nil,
        acceptsPerSecondMax: Int = Limits.acceptsPerSecondMax,
        drainMax: Duration = .seconds(2),
        version: String
    ) {
        self.listen = listen
        self.admin = admin
        self.isInsecureLoopback = isInsecureLoopback
        self.policy = policy
        self.loops = loops
        self.connectionsMax = connectionsMax
        self.acceptsPerSecondMax = acceptsPerSecondMax
        self.drainMax = drainMax
        self.version = version
    }
}
