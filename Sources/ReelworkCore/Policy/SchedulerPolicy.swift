// SPDX-License-Identifier: Apache-2.0
// Reelwork: the scheduler's times

/// The times that the scheduler goes by (requirements, R3 and R5).
///
/// All are configurable.
public struct SchedulerPolicy: Hashable, Sendable {
    /// How often a worker sends a heartbeat.
    public var heartbeatInterval: Duration
    /// A worker not heard of for this long is dead.
    public var leaseDuration: Duration
    /// A job may stay in assigned for this long.
    public var assignedMax: Duration
    /// The limit of a run where no adapter gave one.
    public var runDefaultMax: Duration
    /// A run whose media time did not advance for this long is stalled; a deadline is extended by
    /// it.
    public var stallWindow: Duration
    /// No stall is looked for before a run is this old.
    public var stallStartup: Duration
    /// A job that no worker fits is rejected after this long.
    public var capabilityGrace: Duration
    /// Jobs that are not over, at most; more are refused QUEUE_FULL.
    public var jobsLiveMax: Int
    /// How failed jobs are tried again.
    public var retry: RetryPolicy
    /// What tenants may have whose names are here.
    public var tenants: [String: TenantPolicy]
    /// What all other tenants may have, each for itself.
    public var tenantDefault: TenantPolicy
    /// A job under which so many workers died is given up.
    public var quarantineDeaths: Int
    /// A worker that failed so many jobs in a row which others then finished gets no more.
    public var cordonFailures: Int

    /// Makes a policy; the defaults are those of the requirements.
    public init(
        heartbeatInterval: Duration = .seconds(5),
        leaseDuration: Duration = .seconds(15),
        assignedMax: Duration = .seconds(300),
        runDefaultMax: Duration = .seconds(1800),
        stallWindow: Duration = .seconds(60),
        stallStartup: Duration = .seconds(60),
        capabilityGrace: Duration = .seconds(600),
        jobsLiveMax: Int = Limits.jobsLiveMax,
        retry: RetryPolicy = RetryPolicy(),
        tenants: [String: TenantPolicy] = [:],
        tenantDefault: TenantPolicy = TenantPolicy(),
        quarantineDeaths: Int = 3,
        cordonFailures: Int = 3
    ) {
        self.heartbeatInterval = heartbeatInterval
        self.leaseDuration = leaseDuration
        self.assignedMax = assignedMax
        self.runDefaultMax = runDefaultMax
        self.stallWindow = stallWindow
        self.stallStartup = stallStartup
        self.capabilityGrace = capabilityGrace
        self.jobsLiveMax = jobsLiveMax
        self.retry = retry
        self.tenants = tenants
        self.tenantDefault = tenantDefault
        self.quarantineDeaths = quarantineDeaths
        self.cordonFailures = cordonFailures
    }
}
