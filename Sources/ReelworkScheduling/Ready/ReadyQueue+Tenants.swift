// SPDX-License-Identifier: Apache-2.0
// Reelwork: whose turn it is

import ReelworkCore

extension ReadyQueue {
    /// The place of a tenant, counted as used by one more job.
    mutating func use(tenant name: String, _ policy: SchedulerPolicy) -> TenantIndex {
        if let index = tenantIndex[name] {
            tenants[Int(index.value)].jobs += 1
            return index
        }
        var record = TenantRecord(
            name: name,
            policy: policy.tenants[name] ?? policy.tenantDefault
        )
        record.jobs = 1
        record.time = time
        let index: TenantIndex
        if let free = tenantsFree.popLast() {
            index = free
            tenants[Int(free.value)] = record
        } else {
            index = TenantIndex(value: Int32(tenants.count))
            tenants.append(record)
        }
        tenantIndex[name] = index
        return index
    }

    /// A job of a tenant is over.
    mutating func release(_ tenant: TenantIndex) {
        let place = Int(tenant.value)
        tenants[place].jobs -= 1
        guard tenants[place].jobs == 0, !tenants[place].isIdleListed else { return }
        tenants[place].isIdleListed = true
        tenantsIdle.append(tenant)
        guard tenantsIdle.count > tenantIndex.count / 2 + ReadyQueue.tenantsIdleKept
        else { return }
        forgetIdle()
    }

    /// Forgets the tenants without jobs, once they are more than half: a step or two a job that
    /// ended.
    ///
    /// One that comes back starts where all others are, so it wins no more than the one assignment
    /// by which it was ahead.
    private mutating func forgetIdle() {
        for tenant in tenantsIdle {
            steps += 1
            let place = Int(tenant.value)
            tenants[place].isIdleListed = false
            guard tenants[place].jobs == 0 else { continue }
            tenantIndex[tenants[place].name] = nil
            tenantsFree.append(tenant)
        }
        tenantsIdle.removeAll(keepingCapacity: true)
    }

    /// Tenants without jobs that are kept: who comes back soon is known still.
    private static let tenantsIdleKept = 64

    /// Jobs of a tenant in workers' hands.
    func held(by tenant: TenantIndex) -> Int { tenants[Int(tenant.value)].held }

    /// Counts a job of a tenant into or out of workers' hands.
    mutating func countHeld(by tenant: TenantIndex, _ change: Int) {
        let place = Int(tenant.value)
        tenants[place].held += change
        if !tenants[place].isAtCap, !tenants[place].benched.isEmpty { unbench(tenant) }
    }

    /// Whether a tenant has all that it may have.
    func isAtCap(_ tenant: TenantIndex) -> Bool { tenants[Int(tenant.value)].isAtCap }

    // MARK: - Virtual time

    /// A tenant begins to wait: what it did not use while it had nothing to do is not saved up.
    mutating func startTime(of tenant: TenantIndex) {
        let place = Int(tenant.value)
        tenants[place].time = max(tenants[place].time, time)
    }

    /// A tenant that waited long for a kind of worker, a paused queue or its cap is not so far
    /// behind that the others would wait as long for it.
    mutating func boundLag(of tenant: TenantIndex) {
        let place = Int(tenant.value)
        let lag = UInt64(Limits.tenantLagMax) * TenantRecord.scale
        guard time > lag else { return }
        tenants[place].time = max(tenants[place].time, time - lag)
    }

    /// A job of a tenant was handed out.
    mutating func charge(_ tenant: TenantIndex) {
        let place = Int(tenant.value)
        time = max(time, tenants[place].time)
        let (sum, isOver) = tenants[place].time.addingReportingOverflow(tenants[place].cost)
        // Not in the life of a scheduler; the turn alone would decide from there on.
        tenants[place].time = isOver ? .max : sum
        turnLast += 1
        tenants[place].turn = turnLast
    }
}
