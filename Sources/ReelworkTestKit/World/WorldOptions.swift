// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a simulated world is like

package import ReelworkCore

/// What a simulated world is like.
package struct WorldOptions: Sendable {
    /// Everything that happens follows from it.
    package var seed: UInt64
    /// Workers of the fleet.
    package var workers: Int
    /// Slots of each.
    package var slots: UInt64
    /// Jobs that are submitted in the first half minute.
    package var jobs: Int
    /// How long faults happen; then everything is healed and must come to its end.
    package var faultTime: Duration
    /// The mean time between faults; nil for a world without.
    package var faultInterval: Duration?
    /// Of 1,000 encodes, so many fail.
    package var encodeFailuresPermille: UInt64
    /// Of 1,000 jobs, so many are canceled after a while.
    package var cancelsPermille: UInt64
    /// The scheduler's times; shorter ones find more.
    package var policy: SchedulerPolicy

    /// A bug that is planted; nil for the product as it is.
    package var mutant: WorldMutant?

    /// The usual times, and three tenants: one as all, one that weighs more, one with a cap.
    package static let policyUsual = SchedulerPolicy(
        tenants: ["heavy": TenantPolicy(weight: 3), "capped": TenantPolicy(heldMax: 2)]
    )

    /// The tenants whose jobs are submitted.
    static let tenants = ["", "heavy", "capped"]

    /// What the scheduler is told; a planted bug may keep something from it.
    var policyTold: SchedulerPolicy {
        var told = policy
        if mutant == .capIgnored { told.tenants = [:] }
        if mutant == .leaseShort { told.leaseDuration = policy.leaseDuration / 3 }
        return told
    }

    /// Makes a small world with all kinds of faults.
    package init(
        seed: UInt64,
        workers: Int = 4,
        slots: UInt64 = 2,
        jobs: Int = 40,
        faultTime: Duration = .seconds(120),
        faultInterval: Duration? = .seconds(2),
        encodeFailuresPermille: UInt64 = 100,
        cancelsPermille: UInt64 = 50,
        policy: SchedulerPolicy = WorldOptions.policyUsual,
        mutant: WorldMutant? = nil
    ) {
        self.seed = seed
        self.workers = workers
        self.slots = slots
        self.jobs = jobs
        self.faultTime = faultTime
        self.faultInterval = faultInterval
        self.encodeFailuresPermille = encodeFailuresPermille
        self.cancelsPermille = cancelsPermille
        self.policy = policy
        self.mutant = mutant
    }
}
