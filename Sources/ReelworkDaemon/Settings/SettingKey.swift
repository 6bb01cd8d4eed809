// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an operator can set

/// What an operator can set: in the configuration file by this name, in the environment by
/// ``variable``, and some of it by an option of `reelwork serve`.
package enum SettingKey: String, CaseIterable, Sendable {
    /// The folder of the database and the sockets.
    case data
    /// Where it listens: a list of endpoints.
    case listen
    /// The admin socket's path.
    case admin
    /// Whether plain TCP on loopback is allowed.
    case insecureLoopback = "insecure_loopback"
    /// How much is logged.
    case logLevel = "log_level"
    /// How long a worker may be silent.
    case lease = "workers.lease"
    /// How often workers send a heartbeat.
    case heartbeat = "workers.heartbeat"
    /// How long a job may stay in assigned.
    case assignedMax = "jobs.assigned_max"
    /// The limit of a run where no engine gave one.
    case runMax = "jobs.run_max"
    /// A run without progress for so long is stalled.
    case stallWindow = "jobs.stall_window"
    /// No stall is looked for before a run is this old.
    case stallStartup = "jobs.stall_startup"
    /// A job that no worker fits is rejected after so long.
    case capabilityGrace = "jobs.capability_grace"
    /// Retries of a job that names no number of its own.
    case retries = "retries.count"
    /// The wait before the first retry.
    case retryWaitFirst = "retries.wait_first"
    /// The wait never grows past this.
    case retryWaitMax = "retries.wait_max"
    /// How the wait is spread: full or none.
    case retryJitter = "retries.jitter"
    /// The weight of tenants that name none of their own.
    case tenantWeight = "tenant_default.weight"
    /// The cap of tenants that name none of their own.
    case tenantHeldMax = "tenant_default.held_max"
    /// How often the scheduling loop turns.
    case loopScheduling = "loops.scheduling"
    /// How often the health loop turns.
    case loopHealth = "loops.health"
    /// How often the cleanup loop turns.
    case loopCleanup = "loops.cleanup"
    /// Connections at most.
    case connectionsMax = "connections.max"
    /// New connections a second.
    case acceptsPerSecond = "connections.accepts_per_second"
    /// How long goodbye may take.
    case drain = "stop.drain"

    /// What all variables of the environment begin with.
    package static let variablePrefix = "REELWORK_SERVE_"

    /// Its variable in the environment: `REELWORK_SERVE_WORKERS_LEASE`.
    package var variable: String {
        SettingKey.variablePrefix + rawValue.uppercased().replacing(".", with: "_")
    }

    /// The option of `reelwork serve`; nil where there is none.
    package var option: String? {
        switch self {
        case .data: "--data"
        case .listen: "--listen"
        case .admin: "--admin"
        case .insecureLoopback: "--insecure-loopback"
        case .logLevel: "--log-level"
        case .lease: "--lease"
        case .heartbeat: "--heartbeat"
        case .assignedMax, .runMax, .stallWindow, .stallStartup, .capabilityGrace, .retries,
            .retryWaitFirst, .retryWaitMax, .retryJitter, .tenantWeight, .tenantHeldMax,
            .loopScheduling, .loopHealth,
            .loopCleanup, .connectionsMax, .acceptsPerSecond, .drain:
            nil
        }
    }

    /// Whether it holds many texts.
    package var isList: Bool { self == .listen }

    /// Its name in parts, as the layers know it.
    var components: [String] {
        ["reelwork", "serve"] + rawValue.split(separator: ".").map(String.init)
    }
}
