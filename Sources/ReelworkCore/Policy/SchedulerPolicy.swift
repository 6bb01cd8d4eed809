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
        retry: RetryPolicy = RetryPolicy()
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
    }
}
