// SPDX-License-Identifier: Apache-2.0
// Reelwork: putting a job before all others of its tenant

import ReelworkCore

extension Scheduler {
    mutating func bump(
        _ tag: RequestTag,
        _ targets: [ResolvedJob],
        reason: String,
        actor: String,
        now: Moment
    ) {
        answer(tag, Scheduler.notServed)
    }
}
