// SPDX-License-Identifier: Apache-2.0
// Reelwork: all settings of a scheduler, checked

package import Logging
package import ReelworkCore

/// All settings of a scheduler, read from their layers and checked; what nobody set has its
/// default.
package struct DaemonSettings: Sendable {
    /// The folder of the database and the sockets; nil where nobody named one.
    package let data: String?
    /// Where it listens; empty for the socket in the data folder.
    package let listen: [String]
    /// The admin socket; nil for the one in the data folder.
    package let admin: String?
    /// Whether plain TCP on loopback is allowed.
    package let isInsecureLoopback: Bool
    /// How much is logged.
    package let logLevel: Logger.Level
    /// The scheduler's times.
    package let policy: SchedulerPolicy
    /// How often the loops turn.
    package let loops: LoopIntervals
    /// Connections at most; nil for what the limit of open files leaves room for.
    package let connectionsMax: Int?
    /// New connections a second.
    package let acceptsPerSecondMax: Int
    /// How long goodbye may take.
    package let drainMax: Duration

    /// Goodbye ends well before the 5 s in which TERM must end the process.
    package static let drainCeiling = Duration.seconds(4)

    /// Reads them all; the first that is wrong is an error that names it, its place and what it
    /// may be.
    package init(_ layers: SettingLayers) throws(DaemonError) {
        data = layers.text(.data)
        if let data, data.isEmpty { throw layers.wrong(.data, data, "name a folder") }
        listen = layers.texts(.listen)
        admin = layers.text(.admin)
        isInsecureLoopback =
            try layers.choice(.insecureLoopback, [("true", true), ("false", false)]) ?? false
        logLevel =
            try layers.choice(.logLevel, Logger.Level.allCases.map { ($0.rawValue, $0) }) ?? .info
        policy = try DaemonSettings.policy(layers)
        let turn = Duration.milliseconds(100)...Duration.seconds(3_600)
        let usual = LoopIntervals()
        loops = LoopIntervals(
            scheduling: try layers.duration(.loopScheduling, turn, default: usual.scheduling),
            health: try layers.duration(.loopHealth, turn, default: usual.health),
            cleanup: try layers.duration(.loopCleanup, turn, default: usual.cleanup)
        )
        connectionsMax = try layers.count(.connectionsMax, 1...Limits.connectionsMax)
        acceptsPerSecondMax =
            try layers.count(.acceptsPerSecond, 1...Limits.connectionsMax)
            ?? Limits.acceptsPerSecondMax
        drainMax = try layers.duration(
            .drain,
            .zero...DaemonSettings.drainCeiling,
            default: .seconds(2)
        )
    }

    private static func policy(_ layers: SettingLayers) throws(DaemonError) -> SchedulerPolicy {
        let usual = SchedulerPolicy()
        let lease = try layers.duration(
            .lease,
            Limits.leaseMin...Limits.leaseMax,
            default: usual.leaseDuration
        )
        // Three heartbeats fit into a lease, so that one that is lost does no harm.
        let heartbeat = try layers.duration(
            .heartbeat,
            .zero...Limits.leaseMax,
            default: lease / 3
        )
        guard heartbeat > .zero, heartbeat <= lease / 2 else {
            throw layers.wrong(
                .heartbeat,
                heartbeat.words,
                "it must be more than nothing and at most half of the lease, which is "
                    + lease.words
            )
        }
        let long = Duration.seconds(1)...Limits.horizonMax
        let any = Duration.zero...Limits.horizonMax
        let tenant = try tenantDefault(layers)
        return SchedulerPolicy(
            heartbeatInterval: heartbeat,
            leaseDuration: lease,
            assignedMax: try layers.duration(.assignedMax, long, default: usual.assignedMax),
            runDefaultMax: try layers.duration(.runMax, long, default: usual.runDefaultMax),
            stallWindow: try layers.duration(.stallWindow, long, default: usual.stallWindow),
            stallStartup: try layers.duration(.stallStartup, any, default: usual.stallStartup),
            capabilityGrace: try layers.duration(
                .capabilityGrace,
                any,
                default: usual.capabilityGrace
            ),
            retry: try retry(layers, any),
            tenants: try tenants(layers, default: tenant),
            tenantDefault: tenant
        )
    }

    private static func retry(
        _ layers: SettingLayers,
        _ any: ClosedRange<Duration>
    ) throws(DaemonError) -> RetryPolicy {
        let usual = RetryPolicy()
        let count = try layers.count(.retries, 0...Limits.retriesMax)
        let first = try layers.duration(.retryWaitFirst, any, default: usual.backoffFirst)
        let most = try layers.duration(.retryWaitMax, any, default: usual.backoffMax)
        guard first <= most else {
            throw layers.wrong(
                .retryWaitMax,
                most.words,
                "it must be at least \(SettingKey.retryWaitFirst.rawValue), which is "
                    + first.words
            )
        }
        return RetryPolicy(
            retriesDefault: count.map { UInt16(clamping: $0) } ?? usual.retriesDefault,
            backoffFirst: first,
            backoffMax: most,
            jitter: try layers.choice(.retryJitter, [("full", .full), ("none", .none)])
                ?? usual.jitter
        )
    }
}
