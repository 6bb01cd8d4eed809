// SPDX-License-Identifier: Apache-2.0
// Reelwork: the jobs that wait for the same thing

import HeapModule
import ReelworkCore

/// The jobs of one tenant that wait for the same requirement, by rank.
struct ReadyLine: Sendable {
    let requirement: RequirementIndex
    let tenant: TenantIndex
    var entries = Heap<ReadyEntry>()

    init(requirement: RequirementIndex, tenant: TenantIndex) {
        self.requirement = requirement
        self.tenant = tenant
    }
}
